package dev.signet.token;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is done to a token counts from the very next request, on every node. */
class TokenLifeTests {

    private final Tenant company = Tenant.create();

    @Test
    void aNewTokenSpeaksAsItsBotWithItsPermissions() {
        Token token = company.token("admin-apitokens-write");

        Node.other()
                .client(token.secret())
                .get()
                .uri("/api/v2/users/me")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.data._id")
                .isEqualTo(token.user())
                .jsonPath("$.data.isBot")
                .isEqualTo(true)
                .jsonPath("$.data.permissionsV2")
                .isEqualTo(List.of("admin-apitokens-read", "admin-apitokens-write"));
    }

    @Test
    void aRoleTakenAwayIsMissedAtOnce() {
        Token token = company.token("admin-apitokens-read");
        company.edit(token, Map.of("accessRoles", List.of(company.role("messages-read"))));

        Node.other()
                .client(token.secret())
                .get()
                .uri("/api/v2/apitokens")
                .exchange()
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.requiredPermissions[0]")
                .isEqualTo("admin-apitokens-read");
    }
}
