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
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The API document is read from the rules of the routes, and says what they do. */
class ApiDocumentTests {

    private final JsonNode document =
            Api.as(null).get("/v3/api-docs").expect(200).body();

    @Test
    void everyRouteIsDescribedWithWhatItNeedsAndRefuses() {
        assertThat(document.path("openapi").asString()).startsWith("3.1");
        assertThat(Node.one().bean(Routes.class).all())
                .filteredOn(route -> !route.path().startsWith("/problems/"))
                .hasSizeGreaterThan(12)
                .allSatisfy(route -> {
                    JsonNode operation = operation(route);
                    assertThat(operation.path("summary").asString())
                            .as("summary")
                            .isNotBlank();
                    assertThat(operation.path("security").isMissingNode()).isEqualTo(route.open());
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
        paths.remove("/problems/{code}");
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
        assertThat(upload.at("/responses/201/headers").propertyNames()).containsExactly("Location");
        assertThat(upload.at("/responses/201/content/application~1json/schema").isMissingNode())
                .isFalse();
        assertThat(upload.at("/responses/429/headers").propertyNames())
                .containsExactlyInAnyOrder("Retry-After", "RateLimit", "RateLimit-Policy");
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
