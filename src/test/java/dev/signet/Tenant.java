package dev.signet;

import dev.signet.setup.Companies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;

/** A company of a test's own, with an administrator who is signed in. */
public final class Tenant {

    public static final String PASSWORD = "seven blue mules at noon";

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** An API token as its maker saw it, this once with its secret. */
    public record Token(String id, String code, String user, String role, String secret) {

        public String path() {
            return TOKENS + "/" + id;
        }
    }

    /** A person besides the administrator. */
    public record Person(String id, String email) {

        public String path() {
            return USERS + "/" + id;
        }
    }

    public static final String USERS = "/api/v2/users";
    public static final String TOKENS = "/api/v2/apitokens";
    public static final String ROLES = "/api/v2/accessroles";

    private final String id;
    private final String email;
    private final String bearer;

    private Tenant(String id, String email, String bearer) {
        this.id = id;
        this.email = email;
        this.bearer = bearer;
    }

    public static Tenant create() {
        String email = "admin" + COUNT.incrementAndGet() + "@example.com";
        String id = Companies.create(Node.one(), "Company of " + email, email, PASSWORD);
        return new Tenant(id, email, signIn(email, PASSWORD));
    }

    public String id() {
        return id;
    }

    public String email() {
        return email;
    }

    /** The administrator's access token. */
    public String bearer() {
        return bearer;
    }

    /** The administrator's client. */
    public RestTestClient admin() {
        return Node.one().client(bearer);
    }

    /** Calls as the administrator. */
    public Api api() {
        return Api.as(bearer);
    }

    public static String signIn(String email, String password) {
        return post(Node.one().client(null), "/auth/local", Map.of("email", email, "password", password))
                .path("token")
                .asString();
    }

    /** A new access role with those permissions. */
    public String role(String... permissions) {
        Map<String, Object> role =
                Map.of("name", "Role " + COUNT.incrementAndGet(), "permissions", List.of(permissions));
        return post(admin(), "/api/v2/accessroles", role).at("/data/_id").asString();
    }

    /** A new person with those access roles, who has no password yet. */
    public Person person(String... roles) {
        JsonNode made = post(admin(), USERS, newPerson(roles)).path("data");
        return new Person(made.path("_id").asString(), made.path("email").asString());
    }

    /** Signs the person in with {@link #PASSWORD} and gives their access token. */
    public String signIn(Person person) {
        String generated =
                api().post(person.path() + "/password", null).expect(200).data("password");
        String bearer = signIn(person.email(), generated);
        Api.as(bearer)
                .put(USERS + "/me/password", Map.of("current", generated, "next", PASSWORD))
                .expect(204);
        return bearer;
    }

    /** The body of a request for a person with an e-mail of their own. */
    public static Map<String, Object> newPerson(String... roles) {
        int number = COUNT.incrementAndGet();
        return Map.of(
                "email", "person" + number + "@example.com",
                "name", Map.of("names", "Person", "lastName", "Number " + number),
                "accessRoles", List.of(roles));
    }

    /** A new API token with those permissions, through a role of its own. */
    public Token token(String... permissions) {
        String role = role(permissions);
        JsonNode made = post(admin(), "/api/v2/apitokens", newToken(role)).path("data");
        return new Token(
                made.path("_id").asString(),
                made.path("code").asString(),
                made.path("user").asString(),
                role,
                made.path("token").asString());
    }

    /** The body of a request for a token with a code of its own. */
    public static Map<String, Object> newToken(String... roles) {
        int number = COUNT.incrementAndGet();
        return Map.of(
                "name", "Token " + number,
                "code", "token_" + number,
                "userBotName", "Bot " + number,
                "accessRoles", List.of(roles));
    }

    /** The body with one field set, or set to null. */
    public static Map<String, @Nullable Object> with(Map<String, ?> body, String field, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(body);
        changed.put(field, value);
        return changed;
    }

    /** The body without one field. */
    public static Map<String, Object> without(Map<String, ?> body, String field) {
        Map<String, Object> changed = new LinkedHashMap<>(body);
        changed.remove(field);
        return changed;
    }

    /** Changes fields of a token as the administrator. */
    public void edit(Token token, Map<String, ?> change) {
        admin().patch()
                .uri("/api/v2/apitokens/" + token.id())
                .contentType(MediaType.APPLICATION_JSON)
                .body(change)
                .exchange()
                .expectStatus()
                .isOk();
    }

    /** What the log says has happened to a thing, oldest first. */
    public static List<String> events(String item) {
        return Node.sql("select event from audit_logs where item = ? order by at, id")
                .param(item)
                .query((row, number) -> row.getString("event"))
                .list();
    }

    public void revoke(Token token) {
        post(admin(), "/api/v2/apitokens/" + token.id() + "/revoke", Map.of());
    }

    /** Posts what must be accepted and gives the answer. */
    public static JsonNode post(RestTestClient client, String path, Map<String, ?> body) {
        JsonNode answer = client.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange()
                .expectStatus()
                .is2xxSuccessful()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody();
        if (answer == null) {
            throw new AssertionError("no body: " + path);
        }
        return answer;
    }
}
