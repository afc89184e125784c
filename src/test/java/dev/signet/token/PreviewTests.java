package dev.signet.token;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a token could do can be seen before it is made. */
class PreviewTests {

    private static final String PREVIEW = TOKENS + "/preview";

    private final Tenant company = Tenant.create();

    @Test
    void aPreviewSaysWhatTheRolesGiveAndOpen() {
        String reader = company.role("admin-apitokens-write");
        String talker = company.role("messages-read", "shop-orders-read");

        Answer preview = company.api()
                .post(PREVIEW, Map.of("accessRoles", List.of(reader, talker)))
                .expect(200);

        assertThat(texts(preview.data().path("permissions")))
                .containsExactly("admin-apitokens-read", "admin-apitokens-write", "messages-read", "shop-orders-read");
        assertThat(texts(preview.data().path("routes")))
                .contains("GET /api/v2/apitokens", "POST /api/v2/apitokens", "POST /api/v2/apitokens/preview")
                .doesNotContain("GET /api/v2/accessroles", "GET /api/v2/users/me");
        assertThat(preview.data().path("impersonates")).hasToString("[]");
    }

    @Test
    void aPreviewNamesThePermissionsThatNoRouteRequires() {
        String misspelled = company.role("messages-wirte", "messages-read", "shop-orders-read", "admin-*-read");

        Answer preview = company.api()
                .post(PREVIEW, Map.of("accessRoles", List.of(misspelled)))
                .expect(200);

        assertThat(texts(preview.data().path("unknownPermissions")))
                .containsExactly("messages-wirte", "shop-orders-read");
        String known = company.role("*", "admin-access");
        assertThat(company.api()
                        .post(PREVIEW, Map.of("accessRoles", List.of(known)))
                        .data()
                        .path("unknownPermissions"))
                .hasToString("[]");
    }

    @Test
    void aPreviewIsWhatATokenWithThoseRolesThenHas() {
        String role = company.role("admin-*-read", "messages-write");
        Answer preview = company.api()
                .post(PREVIEW, Map.of("accessRoles", List.of(role)))
                .expect(200);
        Answer made = company.api().post(TOKENS, Tenant.newToken(role)).expect(201);

        assertThat(preview.data().path("permissions"))
                .isEqualTo(Api.as(made.data("token"))
                        .get("/api/v2/users/me")
                        .data()
                        .path("permissionsV2"));
    }

    @Test
    void aSwitchedOffRoleGivesNothing() {
        String role = company.role("messages-read");
        company.api().patch(ROLES + "/" + role, Map.of("active", false)).expect(200);
        assertThat(company.api()
                        .post(PREVIEW, Map.of("accessRoles", List.of(role)))
                        .expect(200)
                        .data()
                        .path("permissions"))
                .hasToString("[]");
    }

    @Test
    void actingForSomebodyGivesOnlyWhatBothHold() {
        Token other = company.token("messages-write", "admin-users-read");
        String role = company.role("messages-read", "messages-impersonate");

        JsonNode acting = company.api()
                .post(PREVIEW, Map.of("accessRoles", List.of(role), "impersonates", List.of(other.user())))
                .expect(200)
                .data()
                .path("impersonates")
                .path(0);

        assertThat(acting.path("_id").asString()).isEqualTo(other.user());
        assertThat(texts(acting.path("permissions"))).containsExactly("messages-read");
    }

    @Test
    void unknownIdsAreNamed() {
        company.api()
                .post(PREVIEW, Map.of("accessRoles", List.of("x"), "impersonates", List.of()))
                .expectFields("accessRoles[0]: unknown_id");
        company.api()
                .post(PREVIEW, Map.of("accessRoles", List.of(), "impersonates", List.of("ffffffffffffffffffffffff")))
                .expectFields("impersonates[0]: unknown_id");
        company.api().post(PREVIEW, Map.of()).expectFields("accessRoles: required");
    }

    private static List<String> texts(JsonNode array) {
        return array.values().stream().map(JsonNode::asString).toList();
    }
}
