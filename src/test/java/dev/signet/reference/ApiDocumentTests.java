package dev.signet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.access.Refuses;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import dev.signet.platform.Problem;
import io.swagger.v3.oas.annotations.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The API document is read from the rules of the routes, and says what they do. */
class ApiDocumentTests {

    private static final Set<String> HIDDEN = Set.of("/problems/{code}", "/v3/api-docs");
    private static final Set<String> BY_COOKIE = Set.of("/auth/refresh", "/auth/logout");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{24}");

    private final JsonNode document =
            Api.as(null).get("/v3/api-docs").expect(200).body();

    @Test
    void anEditOfATokenIsDescribedWithEachOfItsRefusals() {
        assertThat(document.at("/paths/~1api~1v2~1apitokens~1{id}/patch/x-problem-codes")
                        .values())
                .extracting(JsonNode::asString)
                .contains("wider_than_own", "direct_channel", "too_many_tokens", "already_revoked", "stale");
    }

    @Test
    void everyRouteIsDescribedWithWhatItNeedsAndRefuses() {
        assertThat(document.path("openapi").asString()).startsWith("3.1");
        assertThat(Node.one().bean(Routes.class).all())
                .filteredOn(route -> !HIDDEN.contains(route.path()))
                .hasSizeGreaterThan(12)
                .allSatisfy(route -> {
                    JsonNode operation = operation(route);
                    assertThat(operation.path("summary").asString())
                            .as("summary")
                            .isNotBlank();
                    assertThat(operation.path("operationId").asString())
                            .isEqualTo(Objects.requireNonNull(route.handler().getMethodAnnotation(Operation.class))
                                    .operationId())
                            .matches("[a-z]+([A-Z][a-z]+)*");
                    assertThat(operation.path("security").isArray()).isTrue();
                    assertThat(operation.path("security").isEmpty())
                            .isEqualTo(route.open() && !BY_COOKIE.contains(route.path()));
                    assertThat(operation.path("x-problem-codes").values())
                            .extracting(JsonNode::asString)
                            .contains("invalid_request", "unavailable");
                    assertThat(operation.path("x-required-permission").asString(""))
                            .isEqualTo(route.needs() == null ? "" : route.needs());
                    Set<String> statuses =
                            new TreeSet<>(operation.path("responses").propertyNames());
                    assertThat(statuses).contains("400", "500", "503");
                    assertThat(statuses.contains("401") || route.open()).isTrue();
                    assertThat(statuses.contains("403") || route.needs() == null)
                            .isTrue();
                    Refuses refuses = route.handler().getMethodAnnotation(Refuses.class);
                    boolean mayBeAbsent = route.path().contains("{")
                            || (refuses != null && List.of(refuses.value()).contains(Problem.NOT_FOUND));
                    assertThat(statuses.contains("404")).isEqualTo(mayBeAbsent);
                });
    }

    @Test
    void nothingBesidesTheRoutesIsDescribed() {
        Set<String> paths = new TreeSet<>();
        Node.one().bean(Routes.class).all().forEach(route -> paths.add(route.path()));
        paths.removeAll(HIDDEN);
        assertThat(document.path("paths").propertyNames()).containsExactlyInAnyOrderElementsOf(paths);
    }

    @Test
    void aTokenLooksAsTheDocumentSays() {
        Tenant company = Tenant.create();
        JsonNode token =
                company.api().get(company.token("messages-read").path()).data();
        JsonNode properties = document.at("/components/schemas/ApiToken/properties");

        assertThat(properties.propertyNames()).containsExactlyInAnyOrderElementsOf(token.propertyNames());
        token.propertyStream()
                .filter(field -> field.getValue().isNull())
                .forEach(field -> assertThat(properties.path(field.getKey()).path("type"))
                        .as(field.getKey())
                        .hasToString("[\"string\",\"null\"]"));
    }

    @Test
    void anEntryOfTheLogLooksAsTheDocumentSays() {
        JsonNode entry = Tenant.create()
                .api()
                .get("/api/v2/auditlogs?event=create")
                .data()
                .at("/auditLogs/0");

        assertThat(properties("AuditEntry")).containsExactlyInAnyOrderElementsOf(entry.propertyNames());
        assertThat(properties("AuditActor"))
                .containsExactlyInAnyOrderElementsOf(entry.path("actor").propertyNames());
        assertThat(properties("AuditChange")).containsExactlyInAnyOrder("previous", "changedTo", "unchanged");
        assertThat(document.at("/components/schemas/AuditChange").toString()).doesNotContain("$ref");
    }

    @Test
    void aPersonLooksAsTheDocumentSays() {
        Tenant company = Tenant.create();
        JsonNode person = company.api().get(company.person().path()).data();

        assertThat(document.at("/components/schemas/User/properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(person.propertyNames());
        assertThat(document.at("/components/schemas/FullName/properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(person.path("name").propertyNames());
    }

    @Test
    void aChannelAndAMessageLookAsTheDocumentSays() {
        Tenant company = Tenant.create();
        String channel = Talk.channel(company.api());
        JsonNode message = company.api()
                .post(Talk.MESSAGES, Talk.message(channel, "words"))
                .expect(201)
                .data();
        JsonNode schemas = document.at("/components/schemas");

        assertThat(schemas.at("/Channel/properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        company.api().get(Talk.CHANNELS + "/" + channel).data().propertyNames());
        Set<String> described = new TreeSet<>(schemas.at("/Message/properties").propertyNames());
        assertThat(described.remove("actedBy")).isTrue();
        assertThat(described).containsExactlyInAnyOrderElementsOf(message.propertyNames());
        assertThat(schemas.at("/NewMessage/required"))
                .extracting(JsonNode::asString)
                .containsExactlyInAnyOrder("channel", "content", "contentType");
        assertThat(schemas.at("/NewChannel/required"))
                .extracting(JsonNode::asString)
                .containsExactlyInAnyOrder("nameDisplay", "nameCode");
        assertThat(schemas.at("/MessageEdit/required").isMissingNode()).isTrue();
        assertThat(schemas.at("/ChannelEdit/required").isMissingNode()).isTrue();
    }

    @Test
    void aPatchRequiresNothingAndMakingRequiresWhatIsMissed() {
        assertThat(document.at("/components/schemas/ApiTokenEdit/required").isMissingNode())
                .isTrue();
        for (String schema : List.of("UserEdit", "UserEdit/properties/name", "CompanyEdit")) {
            JsonNode edit = document.at("/components/schemas/" + schema);
            assertThat(edit.has("properties")).as(schema).isTrue();
            assertThat(edit.has("required")).as(schema).isFalse();
        }
        assertThat(document.at("/components/schemas/NewUser/required"))
                .extracting(JsonNode::asString)
                .containsExactlyInAnyOrder("email", "name", "accessRoles");
        assertThat(document.at("/components/schemas/NewToken/required"))
                .extracting(JsonNode::asString)
                .containsExactlyInAnyOrder("name", "code", "userBotName", "accessRoles");
    }

    @Test
    void aPictureIsAFileInAFormAndComesOutAsBytes() {
        JsonNode upload = document.at("/paths/~1api~1v2~1avatars/post");
        JsonNode form = upload.at("/requestBody/content");
        assertThat(form.propertyNames()).containsExactly("multipart/form-data");
        assertThat(document.at("/components/schemas/NewAvatar/properties/file/format")
                        .asString())
                .isEqualTo("binary");
        assertThat(upload.at("/responses/201/headers").propertyNames())
                .containsExactlyInAnyOrder("Location", "Token-Expiration");
        assertThat(upload.at("/responses/201/content/application~1json/schema").isMissingNode())
                .isFalse();
        assertThat(upload.at("/responses/429/$ref").asString()).isEqualTo("#/components/responses/TooManyRequests");
        assertThat(document.at("/components/responses/TooManyRequests/headers").propertyNames())
                .contains("Retry-After", "RateLimit", "RateLimit-Policy");
        assertThat(document.at("/paths/~1avatars~1{id}~1{size}/get/responses/200/content")
                        .propertyNames())
                .containsExactlyInAnyOrder("image/jpeg", "image/png");
        assertThat(document.at("/paths/~1avatars~1initials~1{initials}~1{colour}.svg/get/responses/200/content")
                        .propertyNames())
                .containsExactly("image/svg+xml");
    }

    @Test
    void thePagesThatShowItAreServed() {
        Api.as(null).get("/swagger-ui/index.html").expect(200);
    }

    @Test
    void operationIdsAreUnique() {
        assertThat(operations().map(operation -> operation.path("operationId").asString()))
                .doesNotHaveDuplicates();
    }

    @Test
    void tagsAreDescribedInOrderAndEveryOperationHasOne() {
        List<String> tags = document.path("tags").values().stream()
                .map(tag -> tag.path("name").asString())
                .toList();
        assertThat(tags).startsWith("API tokens");
        assertThat(document.path("tags").values())
                .allSatisfy(
                        tag -> assertThat(tag.path("description").asString()).isNotBlank());
        assertThat(operations())
                .allSatisfy(operation ->
                        assertThat(tags).contains(operation.path("tags").path(0).asString()));
    }

    @Test
    void nothingThatAnUrlOrAHeaderCarriesIsNull() {
        assertThat(parameters())
                .isNotEmpty()
                .allSatisfy(parameter -> assertThat(
                                parameter.path("schema").path("type").isString())
                        .as("%s", parameter)
                        .isTrue());
    }

    @Test
    void patternsMatchTheWholeText() {
        assertThat(document.findValues("pattern"))
                .isNotEmpty()
                .allSatisfy(pattern -> assertThat(pattern.asString()).matches("\\^.*\\$"));
    }

    @Test
    void theWordsOfAListsOrderAreThoseThatItAccepts() {
        Api api = Tenant.create().api();
        assertThat(document.path("paths").propertyStream())
                .filteredOn(path -> names(path.getValue().path("get")).contains("sortBy"))
                .hasSizeGreaterThan(3)
                .allSatisfy(path -> {
                    JsonNode operation = path.getValue().path("get");
                    assertThat(words(operation, "orderBy")).containsExactly("asc", "desc");
                    String refused = api.get(path.getKey() + "?sortBy=nothing")
                            .expectFields("sortBy: one_of")
                            .text();
                    assertThat(refused).contains(String.join(", ", new TreeSet<>(words(operation, "sortBy"))) + "\"");
                });
    }

    @Test
    void theExampleOfEveryCreationCreates() {
        Tenant company = Tenant.create();
        Map<String, String> ids = Map.of(
                "6b0527c4cc10076c97460db1", company.role("messages-write"),
                "6b0527c4cc10076c97460db2", Talk.channel(company.api()));
        assertThat(document.path("paths").propertyStream())
                .filteredOn(path -> path.getValue().at("/post/responses/201").isObject()
                        && path.getValue().at("/post/requestBody/content").has("application/json"))
                .hasSizeGreaterThan(4)
                .allSatisfy(path -> {
                    JsonNode example = path.getValue().at("/post/requestBody/content/application~1json/example");
                    assertThat(example.isObject())
                            .as("example of %s", path.getKey())
                            .isTrue();
                    String body = ID.matcher(example.toString()).replaceAll(id -> ids.get(id.group()));
                    // unique in the installation
                    body = body.replace("ada@example.com", "ada." + company.id() + "@example.com");
                    company.api().post(path.getKey(), body).expect(201);
                });
    }

    @Test
    void whatCanBeLeftOutOrNullIsDescribedSo() {
        assertThat(required("Channel")).contains("lastMessage");
        assertThat(document.at("/components/schemas/Channel/properties/lastMessage/anyOf/1/type")
                        .asString())
                .isEqualTo("null");
        assertThat(required("Message")).contains("sender").doesNotContain("actedBy");
        assertThat(required("ApiTokens")).containsExactly("apiTokens");
        assertThat(required("Part")).contains("payload");
        assertThat(required("NewPart")).doesNotContain("payload");
        assertThat(required("IssuedToken")).contains("_id").doesNotContain("token");
        assertThat(document.at("/components/schemas/NewToken/additionalProperties")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void responsesDeclareTheHeadersTheyHave() {
        assertThat(headers("/api/v2/apitokens", "post", "201")).contains("ETag", "Location", "Token-Expiration");
        assertThat(headers("/api/v2/apitokens", "post", "200")).contains("ETag", "Idempotent-Replayed");
        assertThat(headers("/api/v2/apitokens", "get", "200")).contains("Link");
        assertThat(headers("/api/v2/channels/{id}/messages", "get", "200")).contains("Link");
        assertThat(headers("/auth/local", "post", "200")).containsExactly("Set-Cookie");
        assertThat(headers("/auth/refresh", "post", "200")).containsExactly("Set-Cookie");
        assertThat(document.at("/components/responses/Unauthorized/headers").propertyNames())
                .contains("WWW-Authenticate");
        assertThat(document.at("/components/responses/ServiceUnavailable/headers")
                        .propertyNames())
                .contains("Retry-After");
    }

    @Test
    void theDocumentIsSmallCompressedAndNotSentAgainUnchanged() throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(Node.one().url() + "/v3/api-docs"));
        HttpResponse<byte[]> whole = send(request);
        String tag = header(whole, "ETag");
        assertThat(header(whole, "Cache-Control")).contains("no-cache", "public");
        assertThat(whole.body()).hasSizeLessThan(200_000);
        assertThat(header(send(request.copy().header("Accept-Language", "es")), "ETag"))
                .isEqualTo(tag);
        HttpResponse<byte[]> unchanged = send(request.copy().header("If-None-Match", tag));
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();

        HttpResponse<byte[]> zipped = send(request.copy().header("Accept-Encoding", "br;q=1, gzip;q=0.8"));
        assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(zipped, "Vary")).contains("Accept-Encoding");
        assertThat(header(zipped, "ETag")).isNotEqualTo(tag);
        assertThat(zipped.body()).hasSizeLessThan(25_000);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(new String(whole.body(), StandardCharsets.UTF_8));
        assertThat(header(send(request.copy().header("Accept-Encoding", "gzip;q=0")), "Content-Encoding"))
                .isEmpty();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    private Stream<JsonNode> operations() {
        return document.path("paths").valueStream().flatMap(JsonNode::valueStream);
    }

    private Stream<JsonNode> parameters() {
        return operations().flatMap(operation -> operation.path("parameters").valueStream());
    }

    private static List<String> names(JsonNode operation) {
        return operation
                .path("parameters")
                .valueStream()
                .map(parameter -> parameter.path("name").asString())
                .toList();
    }

    private static List<String> words(JsonNode operation, String parameter) {
        return operation
                .path("parameters")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(parameter))
                .flatMap(one -> one.path("schema").path("enum").valueStream())
                .map(JsonNode::asString)
                .toList();
    }

    private List<String> required(String schema) {
        return document.path("components")
                .path("schemas")
                .path(schema)
                .path("required")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private Collection<String> headers(String path, String method, String status) {
        return document.path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path(status)
                .path("headers")
                .propertyNames();
    }

    private Collection<String> properties(String schema) {
        return document.path("components")
                .path("schemas")
                .path(schema)
                .path("properties")
                .propertyNames();
    }

    private JsonNode operation(Route route) {
        return document.path("paths").path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
    }
}
