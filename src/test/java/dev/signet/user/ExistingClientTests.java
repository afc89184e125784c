package dev.signet.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Tenant.Token;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program that was written for the conventions alone, and knows nothing of this service, finds what it reads. */
class ExistingClientTests {

    private static final String ID = "\"[a-fA-F0-9]{24}\"";
    private static final String TIME = "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"";
    private static final String BOOLEAN = "true|false";
    private static final String TEXT = "\".+\"";

    private static final Map<String, String> USER = Map.ofEntries(
            Map.entry("/_id", ID),
            Map.entry("/email", "\"[^@\"]+@[^@\"]+\""),
            Map.entry("/name/displayName", TEXT),
            Map.entry("/name/names", TEXT),
            Map.entry("/name/lastName", "\".*\""),
            Map.entry("/name/secondLastName", "\".*\""),
            Map.entry("/jobTitle", "null|" + TEXT),
            Map.entry("/avatar/small", "\"/.+\""),
            Map.entry("/avatar/square", "\"/.+\""),
            Map.entry("/avatar/original", "\"/.+\""),
            Map.entry("/isBot", BOOLEAN),
            Map.entry("/isActive", BOOLEAN),
            Map.entry("/accessRoles", "\\[(" + ID + ",?)*]"),
            Map.entry("/companies/0/companyId", ID),
            Map.entry("/company/_id", ID),
            Map.entry("/company/displayName", TEXT),
            Map.entry("/createdAt", TIME),
            Map.entry("/modifiedAt", TIME));

    private static final Map<String, String> ROLE = Map.of(
            "/_id", ID,
            "/name", TEXT,
            "/description", "null|" + TEXT,
            "/permissions", "\\[(\"[a-z0-9*-]+\",?)*]",
            "/active", BOOLEAN,
            "/company", ID,
            "/createdAt", TIME,
            "/modifiedAt", TIME);

    private final Tenant company = Tenant.create();
    private final Token token =
            company.token("admin-access", "admin-users-read", "admin-accesscontrol-read", "messages-write");

    @Test
    void itLearnsWhoItIs() throws Exception {
        JsonNode me = data("/api/v2/users/me");

        assertLooks(me, USER);
        assertThat(me.path("isBot").asBoolean()).isTrue();
        assertThat(me.at("/company/_id").asString()).isEqualTo(company.id());
        assertThat(me.path("permissionsV2").values())
                .extracting(JsonNode::asString)
                .contains("admin-access", "messages-write", "messages-read")
                .doesNotContain("admin-users-write");
    }

    @Test
    void itFindsPeopleByTheirEMail() throws Exception {
        Person ada = company.person(token.role());
        Person bob = company.person();

        JsonNode found = data("/api/v2/users?email=" + encoded(ada.email()) + "&search=&debug=true");
        assertThat(found.path("users")).hasSize(1);
        assertLooks(found.at("/users/0"), USER);
        assertThat(found.at("/users/0/_id").asString()).isEqualTo(ada.id());
        assertThat(found.at("/users/0/accessRoles/0").asString()).isEqualTo(token.role());

        assertThat(data("/api/v2/users?email=" + encoded(ada.email()) + "&email=" + encoded(bob.email()))
                        .path("users"))
                .hasSize(2);
        assertThat(data("/api/v2/users/" + bob.id()).path("email").asString()).isEqualTo(bob.email());
    }

    @Test
    void itWalksAListByPages() throws Exception {
        for (int i = 0; i < 6; i++) {
            company.person();
        }
        JsonNode first = data("/api/v2/users?page=1&limit=5&count=true&isActive=true&sortBy=created&orderBy=asc");
        JsonNode second = data("/api/v2/users?page=2&limit=5&count=true&isActive=true&sortBy=created&orderBy=asc");

        assertThat(first.path("count").asInt()).isEqualTo(7);
        assertThat(first.path("users")).hasSize(5);
        assertThat(second.path("users")).hasSize(2);
        assertThat(first.at("/users/4/createdAt").asString())
                .isLessThanOrEqualTo(second.at("/users/0/createdAt").asString());
        assertThat(data("/api/v2/users?page=3&limit=5&count=false").path("users"))
                .isEmpty();
        assertThat(data("/api/v2/users?isActive=all&limit=1000").path("users")).hasSize(7);
    }

    @Test
    void itSearchesAndReadsByIds() throws Exception {
        Person person = company.person();
        Person gone = company.person();
        company.api().patch(gone.path(), Map.of("isActive", false)).expect(200);

        assertThat(ids(data("/api/v2/users?search=" + encoded(person.email().toUpperCase(Locale.ROOT)))))
                .containsExactly(person.id());
        assertThat(ids(data("/api/v2/users?isActive=false"))).containsExactly(gone.id());
        assertThat(ids(data("/api/v2/users?isActive=all&ids=" + gone.id() + "&ids=" + person.id())))
                .containsExactlyInAnyOrder(gone.id(), person.id());
    }

    @Test
    void itListsAccessRoles() throws Exception {
        JsonNode roles = data("/api/v2/accessroles?limit=100&count=true");
        assertThat(roles.path("count").asInt()).isEqualTo(5);
        roles.path("accessRoles").values().forEach(role -> assertLooks(role, ROLE));

        JsonNode found = data("/api/v2/accessroles?search=READ%20adm");
        assertThat(found.path("accessRoles")).hasSize(1);
        assertThat(found.at("/accessRoles/0/name").asString()).isEqualTo("read admin");
        assertThat(found.at("/accessRoles/0/permissions").values())
                .extracting(JsonNode::asString)
                .containsExactly("admin-access", "admin-*-read");
    }

    private static void assertLooks(JsonNode thing, Map<String, String> fields) {
        fields.forEach((path, pattern) ->
                assertThat(thing.at(path).toString()).as(path).matches(pattern));
    }

    private static List<String> ids(JsonNode list) {
        return list.path("users").values().stream()
                .map(user -> user.path("_id").asString())
                .toList();
    }

    private JsonNode data(String target) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(Node.one().url() + target))
                .header("Authorization", "Bearer " + token.secret())
                .header("Content-Type", "application/json")
                .header("Admin", "true")
                .header("Company", company.id())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return JsonMapper.shared().readTree(response.body()).path("data");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
