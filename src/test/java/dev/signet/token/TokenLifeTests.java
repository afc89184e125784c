package dev.signet.token;

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

    @Test
    void whoHoldsTheRightSecretIsToldThatItHasExpiredAndWhomToAsk() {
        Token token = company.token("messages-read");
        expire(token);

        assertThat(refusal(token, "token_expired")).contains("2026-01-02T03:04:05.678Z", company.email());
    }

    @Test
    void whoHoldsTheRightSecretIsToldThatItIsSwitchedOffAndWhomToAsk() {
        Token token = company.token("messages-read");
        company.edit(token, Map.of("isActive", false));

        assertThat(refusal(token, "token_inactive")).contains(company.email());
    }

    @Test
    void whoHoldsTheRightSecretIsToldThatItWasRevokedAndWhomToAsk() {
        Token token = company.token("messages-read");
        company.revoke(token);

        assertThat(refusal(token, "token_revoked"))
                .contains(company.api().get(token.path()).data("revokedAt"), company.email());
    }

    @Test
    void switchedOnAgainASecretWorksAgain() {
        Token token = company.token("messages-read");
        company.edit(token, Map.of("isActive", false));
        refusal(token, "token_inactive");

        company.edit(token, Map.of("isActive", true));

        Api.at(Node.other(), token.secret()).get("/api/v2/users/me").expect(200);
    }

    @Test
    void withALaterEndTheSameSecretWorksAgain() {
        Token token = company.token("messages-read");
        expire(token);
        company.api().patch(token.path(), Map.of("name", "Renamed")).expect(200);
        assertThat(company.api().get(token.path()).data("status")).isEqualTo("expired");
        refusal(token, "token_expired");

        company.edit(token, Map.of("expiresAt", "2099-01-01T00:00:00Z"));
        Api.at(Node.other(), token.secret()).get("/api/v2/users/me").expect(200);

        expire(token);
        company.edit(token, with(Map.of(), "expiresAt", null));
        Api.at(Node.other(), token.secret()).get("/api/v2/users/me").expect(200);
    }

    @Test
    void revokedComesBeforeExpiredAndExpiredBeforeInactive() {
        Token token = company.token("messages-read");
        assertThat(status(token)).isEqualTo("active");
        company.edit(token, Map.of("isActive", false));
        assertThat(status(token)).isEqualTo("inactive");
        expire(token);
        assertThat(status(token)).isEqualTo("expired");
        company.revoke(token);
        assertThat(status(token)).isEqualTo("revoked");
        refusal(token, "token_revoked");
    }

    private String status(Token token) {
        return company.api().get(token.path()).data("status");
    }

    private static void expire(Token token) {
        Node.sql("update api_tokens set expires_at = '2026-01-02T03:04:05.678Z' where id = ?")
                .param(token.id())
                .update();
    }

    /** What whoever holds the secret is told. */
    private static String refusal(Token token, String code) {
        Answer refused = Api.at(Node.other(), token.secret()).get("/api/v2/users/me");
        assertThat(refused.expect(401, code).header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"signet\", error=\"invalid_token\"");
        return refused.body().path("detail").asString();
    }
}
