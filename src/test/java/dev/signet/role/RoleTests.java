package dev.signet.role;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Named sets of permissions, which nobody makes larger than what they hold. */
class RoleTests {

    private final Tenant company = Tenant.create();

    @Test
    void aNewRoleIsAnsweredWithItsRecordAndAddress() {
        Answer made = company.api()
                .post(ROLES, Map.of("name", "Reader", "description", "reads", "permissions", List.of("messages-read")))
                .expect(201);

        assertThat(made.header("Location")).endsWith(ROLES + "/" + made.data("_id"));
        assertThat(made.header("ETag")).isEqualTo("\"0\"");
        assertThat(made.data().propertyNames())
                .containsExactlyInAnyOrder(
                        "_id", "name", "description", "permissions", "active", "company", "createdAt", "modifiedAt");
        assertThat(made.data().path("active").asBoolean()).isTrue();
        assertThat(made.data("company")).isEqualTo(company.id());
        assertThat(company.api().get(ROLES + "/" + made.data("_id")).data()).isEqualTo(made.data());
    }

    @Test
    void aCompanyBeginsWithItsSeededRoles() {
        assertThat(names("?sortBy=name&orderBy=asc"))
                .containsExactly("bot-default", "default", "full admin", "read admin");
    }

    @Test
    void theRoleThatCanDoEverythingStaysAsItIs() {
        String full = company.api()
                .get(ROLES + "?search=full")
                .data()
                .at("/accessRoles/0/_id")
                .asString();
        company.api().patch(ROLES + "/" + full, Map.of("active", false)).expect(409, "locked_role");
        company.api().patch(ROLES + "/" + full, Map.of("name", "Less")).expect(409, "locked_role");
    }

    @Test
    void aNarrowedRoleShowsAtOnceToWhoHasReadItsEffectBefore() {
        Token token = company.token("messages-read");
        Api bot = Api.as(token.secret());
        String tag = bot.get("/api/v2/users/me").header("ETag");
        company.api().patch(ROLES + "/" + token.role(), Map.of("active", false)).expect(200);

        assertThat(bot.with("If-None-Match", tag)
                        .get("/api/v2/users/me")
                        .expect(200)
                        .data()
                        .path("permissionsV2")
                        .size())
                .isZero();
    }

    @Test
    void aRoleThatIsSwitchedOffGivesNothingAtOnce() {
        Token token = company.token("admin-apitokens-read");
        company.api().patch(ROLES + "/" + token.role(), Map.of("active", false)).expect(200);
        Api.at(Node.other(), token.secret()).get(TOKENS).expectMissing("admin-apitokens-read");

        company.api().patch(ROLES + "/" + token.role(), Map.of("active", true)).expect(200);
        Api.at(Node.other(), token.secret()).get(TOKENS).expect(200);

        company.api()
                .patch(ROLES + "/" + token.role(), Map.of("permissions", List.of()))
                .expect(200);
        Api.at(Node.other(), token.secret()).get(TOKENS).expectMissing("admin-apitokens-read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "Admin-users-read",
                "admin--read",
                "admin-*",
                "*-*",
                "a-b-c-d-e",
                "admin_users",
                "-a-b",
                "admin-users-read "
            })
    void whatIsNoPermissionIsRefused(String permission) {
        company.api()
                .post(ROLES, Map.of("name", "Odd", "permissions", List.of("messages-read", permission)))
                .expectFields("permissions[1]: permission");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "admin-*-read", "shop-orders-write", "a-b", "invoices-2026-q1-read"})
    void theCatalogueWildcardsAndCustomStringsArePermissions(String permission) {
        company.api()
                .post(ROLES, Map.of("name", "Fine", "permissions", List.of(permission, permission)))
                .expect(201);
    }

    @ParameterizedTest
    @CsvSource({"name, required", "permissions, required"})
    void whatARoleNeedsIsMissed(String field, String code) {
        Map<String, Object> whole = Map.of("name", "Whole", "permissions", List.of("messages-read"));
        company.api().post(ROLES, Tenant.without(whole, field)).expectFields(field + ": " + code);
        String role = company.role("messages-read");
        company.api().patch(ROLES + "/" + role, with(Map.of(), field, null)).expectFields(field + ": " + code);
    }

    @Test
    void unknownFieldsAreNamedAndChangeNothing() {
        String role = company.role("messages-read");
        for (String field : List.of("_id", "company", "createdAt", "locked", "isActive")) {
            company.api().patch(ROLES + "/" + role, Map.of(field, "x")).expectFields(field + ": unknown_field");
        }
        assertThat(company.api().get(ROLES + "/" + role).header("ETag")).isEqualTo("\"0\"");
    }

    @Test
    void aStaleEditIsRefused() {
        String role = ROLES + "/" + company.role("messages-read");
        company.api()
                .with("If-Match", "\"0\"")
                .patch(role, Map.of("name", "First"))
                .expect(200);
        company.api()
                .with("If-Match", "\"0\"")
                .patch(role, Map.of("name", "Second"))
                .expect(412, "stale");
        company.api()
                .with("If-Match", "W/\"1\"")
                .patch(role, Map.of("name", "Third"))
                .expect(200);
        assertThat(company.api().get(role).data("name")).isEqualTo("Third");
    }

    @Test
    void nobodyMakesARoleLargerThanWhatTheyHold() {
        Api maker =
                Api.as(company.token("admin-accesscontrol-write", "messages-read", "admin-*-read", "shop-orders-write")
                        .secret());
        make(maker, "messages-read", "admin-users-read", "admin-*-read", "shop-orders-write")
                .expect(201);
        make(maker, "messages-write").expectMissing("messages-write");
        make(maker, "admin-users-write", "messages-read").expectMissing("admin-users-write");
        make(maker, "*").expectMissing("*");
        make(maker, "admin-*-write").expectMissing("admin-*-write");
        make(maker, "shop-orders-read").expectMissing("shop-orders-read");
        make(maker, "admin-orders-read").expectMissing("admin-orders-read");
        make(maker, "no permission\r\n").expectFields("permissions[0]: permission");
    }

    @Test
    void whatARoleCarriesBeforeAndAfterAnEditIsNeededToChangeIt() {
        Api maker = Api.as(
                company.token("admin-accesscontrol-write", "messages-read").secret());
        String role = ROLES + "/" + company.role("messages-write");

        maker.patch(role, Map.of("permissions", List.of("messages-read"))).expectMissing("messages-write");
        maker.patch(role, Map.of("active", false)).expectMissing("messages-write");
        maker.patch(role, Map.of("name", "Only a name", "description", "is free"))
                .expect(200);
        company.api().patch(role, Map.of("active", false)).expect(200);
        maker.patch(role, Map.of("active", true)).expectMissing("messages-write");
    }

    @Test
    void rolesAreListedWhileActiveAndFoundWithoutCaseOrAccents() {
        company.api()
                .post(ROLES, Map.of("name", "Gestión", "permissions", List.of()))
                .expect(201);
        company.api()
                .post(ROLES, Map.of("name", "Off", "permissions", List.of(), "active", false))
                .expect(201);

        assertThat(names("?search=GESTION")).containsExactly("Gestión");
        assertThat(names("")).contains("Gestión").doesNotContain("Off");
        assertThat(names("?isActive=false")).containsExactly("Off");
        assertThat(names("?isActive=all")).contains("Off", "Gestión");
    }

    @Test
    void theCatalogueSaysWhichRoutesAPermissionOpens() {
        JsonNode entries = Api.as(company.token("messages-read").secret())
                .with("Accept-Language", "es")
                .get("/api/v2/permissions")
                .expect(200)
                .data()
                .path("permissions");

        JsonNode read = entries.values().stream()
                .filter(entry -> entry.path("name").asString().equals("admin-apitokens-read"))
                .findFirst()
                .orElseThrow();
        assertThat(read.path("description").asString()).isEqualTo("leer los API tokens");
        assertThat(read.path("routes").values())
                .extracting(JsonNode::asString)
                .containsExactly(
                        "GET /api/v2/apitokens", "POST /api/v2/apitokens/preview", "GET /api/v2/apitokens/{id}");
    }

    @Test
    void permissionsThatNoRouteRequiresAreNamedWhenARoleIsSaved() {
        Answer created = make(company.api(), "messages-wirte", "messages-read", "shop-orders-read", "admin-*-read")
                .expect(201);
        assertThat(created.data().path("unknownPermissions")).hasToString("[\"messages-wirte\",\"shop-orders-read\"]");
        String path = ROLES + "/" + created.data("_id");
        assertThat(company.api().get(path).data().has("unknownPermissions")).isFalse();
        assertThat(company.api()
                        .patch(path, Map.of("permissions", List.of("messages-write", "messages-wirte")))
                        .expect(200)
                        .data()
                        .path("unknownPermissions"))
                .hasToString("[\"messages-wirte\"]");
        assertThat(company.api()
                        .patch(path, Map.of("permissions", List.of("messages-write")))
                        .expect(200)
                        .data()
                        .has("unknownPermissions"))
                .isFalse();
        assertThat(Node.sql("select changes from audit_logs where item = ?")
                        .param(created.data("_id"))
                        .query(String.class)
                        .list())
                .noneMatch(changes -> changes.contains("unknownPermissions"));
    }

    @Test
    void aDescriptionIsClearedByNull() {
        String path = ROLES + "/" + company.role("messages-read");
        company.api().patch(path, Map.of("description", "reads")).expect(200);
        assertThat(company.api()
                        .patch(path, with(Map.of(), "description", null))
                        .expect(200)
                        .data()
                        .path("description")
                        .isNull())
                .isTrue();
    }

    private static Answer make(Api maker, String... permissions) {
        return maker.post(ROLES, Map.of("name", "Made", "permissions", List.of(permissions)));
    }

    private List<String> names(String query) {
        return company.api().get(ROLES + query).expect(200).data().path("accessRoles").values().stream()
                .map(role -> role.path("name").asString())
                .toList();
    }
}
