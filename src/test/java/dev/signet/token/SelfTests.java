package dev.signet.token;

import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a token may do with itself, whatever its access roles. */
class SelfTests {

    private static final String SELF = TOKENS + "/self";

    private final Tenant company = Tenant.create();
    private final Token token = company.token("messages-read");
    private final Api bot = Api.as(token.secret());

    @Test
    void aTokenReadsItself() {
        Answer self = bot.get(SELF).expect(200);
        assertThat(self.data("_id")).isEqualTo(token.id());
        assertThat(self.data().has("token")).isFalse();
        assertThat(self.header("ETag")).isEqualTo("\"0\"");
    }

    @Test
    void aTokenRotatesItselfAndHasFiveMinutesToChangeOver() {
        Answer rotated = bot.post(SELF + "/rotate", null).expect(200);

        assertThat(Instant.parse(rotated.data("graceUntil")))
                .isBetween(Instant.now().plusSeconds(280), Instant.now().plusSeconds(310));
        bot.get(SELF).expect(200);
        Api.as(rotated.data("token")).get(SELF).expect(200);
        assertThat(rotated.data("modifiedBy")).isEqualTo(token.user());
    }

    @Test
    void aTokenMayEndItsOldSecretAtOnce() {
        bot.post(SELF + "/rotate", Map.of("graceSeconds", 0)).expect(200);
        bot.get(SELF).expect(401);
    }

    @Test
    void aSecretInItsGraceCannotRotateAndTheNewOneStaysGood() {
        String fresh = bot.post(SELF + "/rotate", Map.of()).expect(200).data("token");
        bot.post(SELF + "/rotate", Map.of()).expect(409, "secret_replaced");
        Api.as(fresh).get(SELF).expect(200);
    }

    @Test
    void ofTwoRotationsWithOneSecretAtTheSameMomentOneCounts() throws Exception {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int race = 0; race < 50; race++) {
                Token raced = company.token("messages-read");
                Future<Answer> one = both.submit(() -> Api.as(raced.secret()).post(SELF + "/rotate", Map.of()));
                Future<Answer> other =
                        both.submit(() -> Api.at(Node.other(), raced.secret()).post(SELF + "/rotate", Map.of()));
                assertThat(List.of(one.get().status(), other.get().status())).containsExactlyInAnyOrder(200, 409);
                Answer won = one.get().status() == 200 ? one.get() : other.get();
                Api.as(won.data("token")).get(SELF).expect(200);
            }
        }
    }

    @Test
    void aTokenRevokesItself() {
        assertThat(bot.post(SELF + "/revoke", Map.of("reason", "leaked"))
                        .expect(200)
                        .data("revokeReason"))
                .isEqualTo("leaked");
        bot.get(SELF).expect(401, "token_revoked");
        assertThat(company.api().get(token.path()).data("revokedBy")).isEqualTo(token.user());
    }

    @Test
    void aPersonIsNoToken() {
        company.api().get(SELF).expect(404, "not_found");
        company.api().post(SELF + "/rotate", Map.of()).expect(404, "not_found");
        company.api().post(SELF + "/revoke", Map.of()).expect(404, "not_found");
    }

    @Test
    void inItsLastSevenDaysEveryAnswerSaysWhenATokenEnds() {
        String end = company.api()
                .patch(
                        token.path(),
                        Map.of(
                                "expiresAt",
                                Instant.now().plus(Duration.ofDays(6)).toString()))
                .expect(200)
                .data("expiresAt");
        for (Answer answer : List.of(
                bot.get(SELF).expect(200),
                bot.get("/nonsense").expect(404),
                bot.get(TOKENS).expect(403),
                bot.post(SELF + "/rotate", "{").expect(400))) {
            assertThat(answer.header("Token-Expiration")).isEqualTo(end);
        }
        company.edit(
                token,
                Map.of("expiresAt", Instant.now().plus(Duration.ofDays(8)).toString()));
        assertThat(bot.get(SELF).header("Token-Expiration")).isEmpty();
        assertThat(company.api().get(SELF).header("Token-Expiration")).isEmpty();
    }

    @Test
    void whatATokenDoesWithItselfIsLoggedAsItsOwn() {
        bot.post(SELF + "/rotate", Map.of()).expect(200);
        bot.post(SELF + "/revoke", Map.of()).expect(200);
        assertThat(Tables.texts(
                        "select event || ' ' || actor from audit_logs where token = ? order by at, id", token.id()))
                .containsExactly("rotate " + token.user(), "revoke " + token.user());
    }
}
