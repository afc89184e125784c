package dev.signet;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.MediaType;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.InterceptingClientHttpRequestFactory;
import org.springframework.http.server.PathContainer;
import org.springframework.util.StreamUtils;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the API document promises. Every response that a test receives is held against it: its status and headers must be
 * declared, and its body must have every required member and none that is not described.
 */
final class Contract {

    /** Of these, a response has exactly those that the document declares. */
    private static final Set<String> HEADERS = Set.of(
            "ETag",
            "Idempotent-Replayed",
            "Link",
            "Location",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "Set-Cookie",
            "Token-Expiration",
            "WWW-Authenticate");

    /** What HTTP itself refuses, whatever the operation: unfinished requests, unknown codings and versions. */
    private static final Set<Integer> OF_HTTP = Set.of(408, 501, 505);

    private static final String DOCUMENT = "https://signet.test/openapi";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Supplier<Contract> ONE = SingletonSupplier.of(Contract::new);

    private record Route(PathPattern pattern, String path) {}

    private final JsonNode document;
    private final List<Route> routes = new ArrayList<>();
    private final SchemaRegistry schemas;
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

    private Contract() {
        document = JSON.readTree(Node.one()
                .plainClient()
                .get()
                .uri("/v3/api-docs")
                .exchange()
                .returnResult(byte[].class)
                .getResponseBodyContent());
        document.path("paths")
                .propertyNames()
                .forEach(path -> routes.add(new Route(PathPatternParser.defaultInstance.parse(path), path)));
        routes.sort(Comparator.comparing(Route::pattern));
        closed(document);
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                registry -> registry.schemas(Map.of(DOCUMENT, document.toString())));
    }

    /** The same requests, each of whose responses is checked. */
    static ClientHttpRequestFactory checking(ClientHttpRequestFactory requests) {
        return new InterceptingClientHttpRequestFactory(
                new BufferingClientHttpRequestFactory(requests), List.of((request, body, execution) -> {
                    ClientHttpResponse response = execution.execute(request, body);
                    check(request, response);
                    return response;
                }));
    }

    private static void check(HttpRequest request, ClientHttpResponse response) throws IOException {
        check(
                request.getMethod().name(),
                request.getURI().getRawPath(),
                response.getStatusCode().value(),
                response.getHeaders(),
                new String(StreamUtils.copyToByteArray(response.getBody()), StandardCharsets.UTF_8));
    }

    /** Fails unless the document declares such a response. */
    static void check(String method, String path, int status, HttpHeaders headers, String body) {
        List<String> mismatches = ONE.get().mismatches(method, path, status, headers, body);
        if (!mismatches.isEmpty()) {
            throw new AssertionError("%s %s answered %d, which is not what the API document says: %s%n%s%n%s"
                    .formatted(method, path, status, String.join("; ", mismatches), headers, body));
        }
    }

    private List<String> mismatches(String method, String path, int status, HttpHeaders headers, String body) {
        boolean head = method.equals("HEAD");
        String operation = operation(head ? "GET" : method, path);
        if (operation == null || OF_HTTP.contains(status)) {
            return isProblem(headers) && !body.isEmpty() ? invalid("/components/schemas/Problem", body) : List.of();
        }
        String inline = operation + "/responses/" + status;
        JsonNode response = document.at(inline);
        if (response.isMissingNode()) {
            return List.of("it declares no such status");
        }
        String pointer = response.has("$ref") ? response.path("$ref").asString().substring(1) : inline;
        JsonNode declared = document.at(pointer);
        List<String> mismatches = new ArrayList<>(headers(declared.path("headers"), headers));
        if (!head) {
            mismatches.addAll(content(pointer, declared.path("content"), headers.getContentType(), body));
        }
        return mismatches;
    }

    private List<String> headers(JsonNode declared, HttpHeaders headers) {
        Set<String> unknown = new TreeSet<>(HEADERS);
        unknown.removeIf(name -> !headers.containsHeader(name) || declared.has(name));
        List<String> mismatches = new ArrayList<>();
        unknown.forEach(name -> mismatches.add("it declares no header " + name));
        declared.propertyStream().forEach(header -> {
            JsonNode described =
                    document.at(header.getValue().path("$ref").asString("#").substring(1));
            if (described.path("required").asBoolean(false) && !headers.containsHeader(header.getKey())) {
                mismatches.add("the header " + header.getKey() + " is missing");
            }
        });
        return mismatches;
    }

    private List<String> content(String pointer, JsonNode declared, @Nullable MediaType type, String body) {
        if (declared.isMissingNode() || body.isEmpty()) {
            return declared.isMissingNode() == body.isEmpty()
                    ? List.of()
                    : List.of(body.isEmpty() ? "the body is missing" : "it declares no body");
        }
        String name = type == null ? "" : type.getType() + "/" + type.getSubtype();
        if (!declared.has(name)) {
            return List.of("it declares no content of the type " + name);
        }
        return name.endsWith("json")
                ? invalid(pointer + "/content/" + name.replace("/", "~1") + "/schema", body)
                : List.of();
    }

    private List<String> invalid(String pointer, String body) {
        return compiled
                .computeIfAbsent(pointer, at -> schemas.getSchema(SchemaLocation.of(DOCUMENT + "#" + encoded(at))))
                .validate(
                        JSON.readTree(body),
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Error::toString)
                .toList();
    }

    /** Where the document describes the operation. */
    private @Nullable String operation(String method, String path) {
        PathContainer parsed;
        try {
            parsed = PathContainer.parsePath(path);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
        // a method in small letters is another method
        String name = method.equals(method.toUpperCase(Locale.ROOT)) ? method.toLowerCase(Locale.ROOT) : "none";
        return routes.stream()
                .filter(route -> route.pattern.matches(parsed))
                // the most specific path alone, even if only a wider one has the method
                .findFirst()
                .map(route -> "/paths/" + route.path.replace("/", "~1") + "/" + name)
                .filter(pointer -> !document.at(pointer).isMissingNode())
                .orElse(null);
    }

    /** Allows no member that is not described. */
    private static void closed(JsonNode node) {
        if (node instanceof ObjectNode object && object.path("properties").isObject() && object.has("type")) {
            if (!object.has("additionalProperties")) {
                object.put("additionalProperties", false);
            }
        }
        node.forEach(Contract::closed);
    }

    private static boolean isProblem(HttpHeaders headers) {
        return MediaType.APPLICATION_PROBLEM_JSON.equalsTypeAndSubtype(headers.getContentType());
    }

    private static String encoded(String pointer) {
        return pointer.replace("{", "%7B").replace("}", "%7D");
    }
}
