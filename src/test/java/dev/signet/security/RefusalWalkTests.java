package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.springframework.context.MessageSource;
import org.springframework.http.server.PathContainer;
import tools.jackson.databind.JsonNode;

/** Every kind of bad input, sent to every route: each refusal is a complete problem in the caller's language. */
class RefusalWalkTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final Token TOKEN = COMPANY.token("messages-read");
    private static final Person PERSON = COMPANY.person();
    private static final String CHANNEL = Talk.channel(COMPANY.api());
    private static final String MESSAGE = Talk.say(COMPANY.api(), CHANNEL, "words");
    private static final Set<Route> ROUTES =
            Set.copyOf(Node.one().bean(Routes.class).all());
    private static final MessageSource WORDS = Node.one().bean(MessageSource.class);

    /** What is sent instead of a good request, and which refusals are right. */
    private record Bad(UnaryOperator<String> target, UnaryOperator<Wire> change, Set<Integer> statuses) {}

    @Test
    void everyRefusalOfAPathOrAQueryIsComplete() {
        Map<String, Bad> kinds = new LinkedHashMap<>();
        kinds.put("unknown parameter", query("nonsense=1", 400));
        kinds.put("raw brackets", query("nonsense[]=1", 400));
        kinds.put("raw braces", query("{}=1", 400));
        kinds.put("NUL in a name", query("a%00b=1", 400));
        kinds.put("no UTF-8", query("a%ff=1", 400));
        kinds.put("half an escape", query("a=%zz", 400));
        kinds.put("double slash", path(path -> "/" + path, 400));
        kinds.put("semicolon", path(path -> path + ";a=b", 400));
        kinds.put("encoded slash", path(path -> path + "%2F", 400));
        kinds.put("encoded NUL", path(path -> path + "%00", 400));
        kinds.put("encoded line break", path(path -> path + "%0d%0a", 400));
        kinds.put("encoded percent", path(path -> path + "%25", 400));
        kinds.put("backslash", path(path -> path + "\\", 400));
        kinds.put("dot segment", path(path -> path + "/%2e", 400));
        kinds.put("raw braces in the path", path(path -> path + "{}", 400));
        kinds.put("trailing slash", path(path -> path + "/", 404, 405, 400));
        walk(kinds);
    }

    @Test
    void everyRefusalOfAMethodOrAHeaderIsComplete() {
        Map<String, Bad> kinds = new LinkedHashMap<>();
        kinds.put("huge header", header("X-Huge", "x".repeat(9_000), 400));
        kinds.put("control character", header("Idempotency-Key", "a\u0001b", 400));
        kinds.put("two bearer tokens", header("Authorization", "Bearer x", 400));
        kinds.put("encoding", header("Content-Encoding", "gzip", 415));
        kinds.put("transfer coding", header("Transfer-Encoding", "nonsense", 501));
        kinds.put("length", header("Content-Length", "-1", 400));
        kinds.put("second host", header("Host", "elsewhere.example", 400));
        walk(kinds);
    }

    @Test
    void everyRefusalOfABodyIsComplete() {
        Map<String, Bad> kinds = new LinkedHashMap<>();
        kinds.put("no JSON", body("{\"name\"", 400));
        kinds.put("no object", body("[1]", 400));
        kinds.put("two objects", body("{} {}", 400));
        kinds.put("a name twice", body("{\"name\": \"a\", \"name\": \"b\"}", 400));
        kinds.put("unknown field", body("{\"nonsense\": 1}", 400));
        kinds.put("wrong types", body("{\"name\": [[]], \"email\": {}, \"content\": 7, \"current\": []}", 400));
        kinds.put("NaN", body("{\"name\": NaN}", 400));
        kinds.put("too deep", body("{\"name\": " + "[".repeat(40), 400));
        kinds.put("control character", body("{\"name\": \"\u0001\"}", 400));
        kinds.put("too large", body("{\"name\": \"" + "x".repeat(70_000) + "\"}", 400, 413));
        walk(kinds);
    }

    @Test
    void aMethodThatARouteDoesNotHaveIsRefusedCompletely() {
        for (String method : Set.of("PROPFIND", "TRACE", "get", "DELETE", "PUT")) {
            for (Route route : ROUTES) {
                if (ROUTES.stream()
                        .anyMatch(other -> other.method().equals(method)
                                && other.pattern().matches(PathContainer.parsePath(path(route))))) {
                    continue;
                }
                Answer answer = refused(method, route, request -> request, path(route));
                assertThat(answer.status()).as(method + " " + route.path()).isEqualTo(405);
                assertThat(answer.json().path("detail").asString())
                        .contains(Objects.requireNonNull(answer.header("Allow")));
            }
        }
    }

    @Test
    void aRequestLineThatCannotBeReadIsRefusedCompletely() {
        for (String target : Set.of("/api/v2/users/me?a=\u00e9", "/{}", "/a b", "/" + "x".repeat(9_000), "x y z")) {
            Answer answer = Wire.get(target).to(Node.one());
            assertThat(answer.status()).as(target).isEqualTo(400);
            assertComplete(answer, Locale.ENGLISH);
        }
        Answer version = Wire.request("GET", "/ HTTP/9.9\r\nX: y").to(Node.one());
        assertThat(version.status()).isIn(400, 505);
        assertComplete(version, Locale.ENGLISH);
    }

    @Test
    void aFaultIsNamedWhereItIs() {
        assertThat(at("/api/v2/apitokens?ids[]=1", "", "")).isEqualTo("ids[]: unknown_parameter");
        assertThat(at("/api/v2/apitokens?a=%zz", "", "")).isEqualTo("query: query");
        assertThat(at("//api/v2/apitokens", "", "")).isEqualTo("path: path");
        assertThat(at("/api/v2/apitokens%2F", "", "")).isEqualTo("path: path");
        assertThat(at("/api/v2/apitokens", "If-Match", "a\u0001b")).isEqualTo("If-Match: header");
        assertThat(at("/api/v2/apitokens", "X-Huge", "x".repeat(9_000))).isEqualTo("headers: headers");
        assertThat(at("/{}", "", "")).isEqualTo("path: path");
        assertThat(at("/a?\u00e9", "", "")).isEqualTo("request-line: request_line");
        assertThat(at("/api/v2/apitokens", "Host", "elsewhere.example")).isEqualTo("headers: framing");
    }

    private static String at(String target, String header, String value) {
        Wire request = Wire.get(target).bearer(COMPANY.bearer());
        JsonNode error = (header.isEmpty() ? request : request.header(header, value))
                .to(Node.one())
                .json()
                .at("/errors/0");
        return error.path("field").asString() + ": " + error.path("code").asString();
    }

    private static void walk(Map<String, Bad> kinds) {
        kinds.forEach((kind, bad) -> ROUTES.forEach(route -> {
            if (kind.equals("two bearer tokens") && route.path().equals("/v3/api-docs")) {
                // there for everybody, whatever they send for a token
                return;
            }
            Answer answer = refused(route.method(), route, bad.change, bad.target.apply(path(route)));
            Set<Integer> right = new HashSet<>(bad.statuses);
            if (route.path().equals("/api/v2/avatars")) {
                // which takes a form
                right.add(415);
            } else if (route.path().startsWith("/auth/")) {
                right.addAll(Set.of(401, 403));
            } else if (route.open() || route.path().contains("/self")) {
                // a picture or a page that does not exist; a person has no token
                right.add(404);
            }
            assertThat(answer.status())
                    .as(kind + ": " + route.text() + " " + answer.body())
                    .isIn(right);
        }));
    }

    /** Sends it in both languages and reads both answers. */
    private static Answer refused(String method, Route route, UnaryOperator<Wire> change, String target) {
        Answer answer = null;
        for (Locale language : new Locale[] {Locale.of("es"), Locale.ENGLISH}) {
            Wire request = Wire.request(method, target)
                    .header("Accept-Language", language.getLanguage())
                    // of another site's page, so that the routes of the cookie refuse it
                    .header("Origin", "https://elsewhere.example")
                    .bearer(COMPANY.bearer());
            answer = change.apply(request).to(Node.one());
            if (answer.status() < 400) {
                assertThat(method).as(method + " " + route.path()).isIn("DELETE", "PUT");
                return answer;
            }
            boolean unread = answer.json().at("/errors/0/code").asString("").equals("request_line");
            assertComplete(answer, unread ? Locale.ENGLISH : language);
        }
        return Objects.requireNonNull(answer);
    }

    private static void assertComplete(Answer answer, Locale language) {
        JsonNode problem = answer.json();
        String as = answer.status() + " " + answer.body();
        String code = answer.code();
        assertThat(answer.header("Content-Type")).as(as).isEqualTo("application/problem+json");
        assertThat(answer.header("Cache-Control")).as(as).contains("no-store");
        assertThat(answer.header("Content-Security-Policy")).as(as).isNotBlank();
        assertThat(problem.path("type").asString()).as(as).isEqualTo("/problems/" + code);
        assertThat(problem.path("title").asString())
                .as(as)
                .isEqualTo(WORDS.getMessage(code + ".title", null, language));
        assertThat(problem.path("status").asInt()).as(as).isEqualTo(answer.status());
        assertThat(problem.path("detail").asString()).as(as).isNotBlank().doesNotContain("{");
        assertThat(problem.path("instance").asString()).as(as).startsWith("/");
        assertThat(problem.path("traceId").asString()).as(as).matches("[0-9a-f]{32}");
        if (answer.status() == 400) {
            assertThat(problem.path("errors")).as(as).isNotEmpty();
            problem.path("errors").values().forEach(error -> {
                assertThat(error.path("field").isString()).as(as).isTrue();
                assertThat(error.path("code").asString()).as(as).matches("[a-z_]+");
                assertThat(error.path("message").asString()).as(as).isNotBlank().doesNotContain("{");
            });
        }
    }

    private static Bad query(String query, Integer... statuses) {
        return path(path -> path + "?" + query, statuses);
    }

    private static Bad path(UnaryOperator<String> target, Integer... statuses) {
        return new Bad(target, request -> request, Set.of(statuses));
    }

    private static Bad header(String name, String value, Integer... statuses) {
        return new Bad(path -> path, request -> request.header(name, value), Set.of(statuses));
    }

    private static Bad body(String json, Integer... statuses) {
        return new Bad(path -> path, request -> request.json(json), Set.of(statuses));
    }

    private static String path(Route route) {
        String id = switch (route.path().replaceAll("^/api/v\\d/|/\\{id}.*", "")) {
            case "accessroles" -> TOKEN.role();
            case "channels", "messages/channel" -> CHANNEL;
            case "messages" -> MESSAGE;
            case "users" -> PERSON.id();
            default -> TOKEN.id();
        };
        return route.path()
                .replace("{id}", id)
                .replace("{userId}", TOKEN.user())
                .replace("{iso}", "2020-01-01T00:00:00Z")
                .replaceAll("\\{\\w+}", "x");
    }
}
