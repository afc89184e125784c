package dev.signet.token;

import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.access.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

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
    void aSecretInItsGraceCannotRotateOnceTheNewOneWasUsedAndTheNewOneStaysGood() {
        String fresh = bot.post(SELF + "/rotate", Map.of()).expect(200).data("token");
        Api.at(Node.other(), fresh).get(SELF).expect(200);
        bot.post(SELF + "/rotate", Map.of()).expect(409, "secret_replaced");
        bot.get(SELF).expect(200);
        Api.as(fresh).get(SELF).expect(200);
    }

    @Test
    void aLostResponseDoesNotLockTheBotOut() {
        Answer lost = bot.post(SELF + "/rotate", null).expect(200);
        Answer again = Api.at(Node.other(), token.secret())
                .post(SELF + "/rotate", Map.of("graceSeconds", 604_800))
                .expect(200);

        // a grace is never prolonged, and there are never three secrets
        assertThat(again.data("graceUntil")).isEqualTo(lost.data("graceUntil"));
        Api.as(lost.data("token")).get(SELF).expect(401, "invalid_token");
        bot.get(SELF).expect(200);
        Api fresh = Api.as(again.data("token"));
        fresh.get(SELF).expect(200);
        bot.post(SELF + "/rotate", null).expect(409, "secret_replaced");
        assertThat(Tenant.events(token.id())).containsExactly("create", "rotate", "rotate");

        // nor does anybody else's rotation let a secret from before come back
        String newest = company.api()
                .post(token.path() + "/rotate", Map.of("graceSeconds", 600))
                .expect(200)
                .data("token");
        bot.post(SELF + "/rotate", null).expect(401);
        fresh.post(SELF + "/rotate", Map.of("graceSeconds", 0)).expect(409, "secret_replaced");
        fresh.get(SELF).expect(200);
        Api.as(newest).get(SELF).expect(200);
    }

    @Test
    void aSecretThatAnAdministratorReplacedCannotRotateEvenIfTheNewOneWasNeverUsed() {
        String fresh = company.api()
                .post(token.path() + "/rotate", Map.of("graceSeconds", 600))
                .expect(200)
                .data("token");

        bot.post(SELF + "/rotate", null).expect(409, "secret_replaced");

        bot.get(SELF).expect(200);
        Api.as(fresh).get(SELF).expect(200);
        assertThat(Tenant.events(token.id())).containsExactly("create", "rotate");
    }

    @Test
    void eitherTheNewSecretWasUsedOrItHasEndedNeverBoth() throws Exception {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int race = 0; race < 100; race++) {
                Token raced = company.token("messages-read");
                String fresh = Api.as(raced.secret())
                        .post(SELF + "/rotate", null)
                        .expect(200)
                        .data("token");
                Future<Answer> use =
                        both.submit(() -> Api.at(Node.other(), fresh).get(SELF));
                Future<Answer> again = both.submit(() -> Api.as(raced.secret()).post(SELF + "/rotate", null));
                boolean used = use.get().status() == 200;
                again.get().expect(used ? 409 : 200);
                Api.as(fresh).get(SELF).expect(used ? 200 : 401);
            }
        }
    }

    @Test
    void onAReadOnlyDatabaseTheFirstUseOfANewSecretIsServed() {
        String fresh = bot.post(SELF + "/rotate", null).expect(200).data("token");
        TransactionTemplate readOnly = new TransactionTemplate(Node.one().bean(PlatformTransactionManager.class));
        readOnly.setReadOnly(true);

        Caller caller =
                readOnly.execute(status -> Node.one().bean(TokenVerifier.class).verify(fresh, "127.0.0.1", null));

        assertThat(caller).isNotNull();
        assertThat(caller.token()).isEqualTo(token.id());
    }

    @Test
    void underTheSameKeyATokenRotatesItselfOnce() {
        Api keyed = bot.with("Idempotency-Key", "tonight");
        Answer rotated = keyed.post(SELF + "/rotate", null).expect(200);
        assertThat(rotated.header("Idempotent-Replayed")).isEmpty();

        for (Object body : Arrays.asList(null, Map.of("graceSeconds", 300))) {
            Answer again = keyed.post(SELF + "/rotate", body).expect(200);
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.data().has("token")).isFalse();
            assertThat(again.data("tokenHint")).isEqualTo(rotated.data("tokenHint"));
        }
        keyed.post(SELF + "/rotate", Map.of("graceSeconds", 5)).expect(422, "key_reused");
        Api.as(rotated.data("token")).get(SELF).expect(200);
        assertThat(Tenant.events(token.id())).containsExactly("create", "rotate");
    }

    @Test
    void whatChangedSinceItWasReadIsNeitherRotatedNorRevoked() {
        company.edit(token, Map.of("name", "Renamed"));
        Api stale = bot.with("If-Match", "\"0\"");
        stale.post(SELF + "/rotate", null).expect(412, "stale");
        stale.post(SELF + "/revoke", null).expect(412, "stale");
        assertThat(bot.get(SELF).expect(200).header("ETag")).isEqualTo("\"1\"");

        Api current = bot.with("If-Match", "W/\"1\"");
        Answer rotated = current.post(SELF + "/rotate", null).expect(200);
        assertThat(rotated.header("ETag")).isEqualTo("\"2\"");
        assertThat(Api.as(rotated.data("token"))
                        .with("If-Match", "\"2\"")
                        .post(SELF + "/revoke", null)
                        .expect(200)
                        .header("ETag"))
                .isEqualTo("\"3\"");
    }

    @Test
    void ofTwoRotationsWithOneSecretAtTheSameMomentOneCounts() throws Exception {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int race = 0; race < 50; race++) {
                Token raced = company.token("messages-read");
                Future<Answer> one = both.submit(() -> Api.as(raced.secret()).post(SELF + "/rotate", Map.of()));
                Future<Answer> other =
                        both.submit(() -> Api.at(Node.other(), raced.secret()).post(SELF + "/rotate", Map.of()));
                assertThat(List.of(one.get().status(), other.get().status()))
                        .contains(200)
                        .isSubsetOf(200, 409);
                // one that came a moment later counts as the repetition of a lost one
                List<String> living = Stream.of(one.get(), other.get())
                        .filter(answer -> answer.status() == 200)
                        .map(answer -> answer.data("token"))
                        .filter(secret -> Api.as(secret).get(SELF).status() == 200)
                        .toList();
                assertThat(living).hasSize(1);
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
