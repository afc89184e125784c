package dev.signet.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Forgery;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whoever still uses a secret that is not good any more leaves a trace. */
class DeadSecretTests {

    private static final String ME = "/api/v2/users/me";

    private final Tenant company = Tenant.create();
    private final Token token = company.token("messages-read");
    private final Api bot = Api.as(token.secret());

    @Test
    void theUseOfARevokedTokenIsARowWithTheTraceIdOfTheAnswer() {
        company.revoke(token);
        Answer refused = bot.get(ME).expect(401, "token_revoked");

        assertThat(rows()).containsExactly("GET /api/v2/users/me token_revoked " + token.user());
        assertThat(Tables.texts("select trace_id from audit_logs where token = ? and event = 'deny'", token.id()))
                .containsExactly(refused.body().path("traceId").asString());
        String listed =
                company.api().get("/api/v2/auditlogs?event=deny").expect(200).text();
        assertThat(listed).contains("token_revoked", token.id());
    }

    @Test
    void soAreThoseOfInactiveAndExpiredTokens() {
        company.edit(token, Map.of("isActive", false));
        bot.get(ME).expect(401, "token_inactive");
        company.edit(token, Map.of("isActive", true));
        Tables.update("update api_tokens set expires_at = now() where id = ?", token.id());
        bot.get(ME).expect(401, "token_expired");

        assertThat(rows())
                .containsExactlyInAnyOrder(
                        "GET /api/v2/users/me token_inactive " + token.user(),
                        "GET /api/v2/users/me token_expired " + token.user());
    }

    @Test
    void aReplacedSecretIsToldNothingButLogged() {
        company.api().post(token.path() + "/rotate", Map.of()).expect(200);
        Answer refused = bot.get(ME).expect(401, "invalid_token");
        assertThat(refused.text()).doesNotContain("replaced", token.id());

        assertThat(rows()).containsExactly("GET /api/v2/users/me secret_replaced " + token.user());
    }

    @Test
    void manyUsesAreOneRowAMinuteWhateverThePath() {
        company.revoke(token);
        for (int i = 0; i < 20; i++) {
            bot.get("/api/v2/channels/" + "%024x".formatted(i)).expect(401);
            bot.get("/nonsense/" + i).expect(401);
        }
        // a minute may have turned in between
        assertThat(rows().size()).isBetween(2, 4);
        assertThat(rows())
                .contains(
                        "GET /api/v2/channels/{id} token_revoked " + token.user(),
                        "GET unknown token_revoked " + token.user());
        assertThat(Tables.texts("select sum(count) from audit_logs where token = ? and event = 'deny'", token.id()))
                .containsExactly("40");
    }

    @Test
    void withoutTheRightSecretThereIsNoRow() {
        company.revoke(token);
        Api.as(Forgery.secret(Forgery.publicId(token.secret()))).get(ME).expect(401, "invalid_token");
        assertThat(rows()).isEmpty();
    }

    private List<String> rows() {
        return Tables.texts(
                "select route || ' ' || (changes ->> 'code') || ' ' || actor from audit_logs"
                        + " where token = ? and event = 'deny'",
                token.id());
    }
}
