package dev.signet.token;

import static dev.signet.Tenant.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.transaction.support.TransactionTemplate;

/** A token gets a new secret, and the old one goes when it should. */
class RotationTests {

    private static final String ME = "/api/v2/users/me";

    private final Tenant company = Tenant.create();
    private final Token token = company.token("messages-read");

    @Test
    void aNewSecretIsShownOnceAndEverythingElseStays() {
        Answer before = company.api().get(token.path()).expect(200);

        Answer rotated = rotate(Map.of()).expect(200);

        assertThat(rotated.data("token"))
                .matches("sgt_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}")
                .isNotEqualTo(token.secret());
        assertThat(rotated.header("Cache-Control")).contains("no-store");
        assertThat(rotated.header("ETag")).isEqualTo("\"1\"");
        for (String same : List.of("_id", "code", "user", "name", "createdAt", "createdBy", "status")) {
            assertThat(rotated.data(same)).as(same).isEqualTo(before.data(same));
        }
        assertThat(rotated.data("tokenHint")).isEqualTo(rotated.data("token").substring(0, 8) + "…");
        assertThat(company.api().get(token.path()).text()).doesNotContain(rotated.data("token"));
        assertThat(works(rotated.data("token"))).isTrue();
        assertThat(events(token.id())).containsExactly("create", "rotate");
    }

    @Test
    void withoutAGraceTheOldSecretEndsAtOnce() {
        for (String none : List.of("{}", "{\"graceSeconds\": 0}")) {
            Token fresh = company.token("messages-read");
            Answer rotated = company.api().post(fresh.path() + "/rotate", none).expect(200);
            Api.at(Node.other(), fresh.secret()).get(ME).expect(401, "invalid_token");
            assertThat(rotated.data().path("graceUntil").isNull()).isTrue();
        }
        company.api().post(token.path() + "/rotate", null).expect(200);
        assertThat(works(token.secret())).isFalse();
    }

    @Test
    void inItsGraceTheOldSecretWorksAndIsToldWhenItEnds() {
        Answer rotated = rotate(Map.of("graceSeconds", 3600)).expect(200);

        Instant until = Instant.parse(rotated.data("graceUntil"));
        assertThat(until)
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3700));
        assertThat(Api.as(token.secret()).get(ME).expect(200).header("Token-Expiration"))
                .isEqualTo(rotated.data("graceUntil"));
        assertThat(Api.as(rotated.data("token")).get(ME).expect(200).header("Token-Expiration"))
                .isEmpty();
    }

    @Test
    void theOldSecretEndsWithItsGrace() {
        String fresh = rotate(Map.of("graceSeconds", 3600)).data("token");
        Tables.update(
                "update api_token_secrets set ends_at = now() where token_id = ? and ends_at is not null", token.id());

        assertThat(works(token.secret())).isFalse();
        assertThat(works(fresh)).isTrue();
        assertThat(company.api().get(token.path()).data().path("graceUntil").isNull())
                .isTrue();
    }

    @Test
    void rotationNeverProlongsLife() {
        String end = Instant.now().plus(Duration.ofHours(1)).toString();
        company.edit(token, Map.of("expiresAt", end));

        Answer rotated = rotate(Map.of("graceSeconds", 604_800)).expect(200);

        assertThat(rotated.data("graceUntil")).isEqualTo(rotated.data("expiresAt"));
        // nor does a later end prolong the grace that was given, and an earlier one ends it
        company.edit(token, Map.of("expiresAt", "2099-01-01T00:00:00Z"));
        assertThat(company.api().get(token.path()).data("graceUntil")).isEqualTo(rotated.data("graceUntil"));
        Tables.update("update api_tokens set expires_at = now() where id = ?", token.id());
        Api.as(token.secret()).get(ME).expect(401, "token_expired");
        Api.as(rotated.data("token")).get(ME).expect(401, "token_expired");
    }

    @Test
    void aThirdRotationEndsTheOldest() {
        String second = rotate(Map.of("graceSeconds", 3600)).data("token");
        String third = rotate(Map.of("graceSeconds", 3600)).data("token");

        assertThat(works(token.secret())).isFalse();
        assertThat(works(second)).isTrue();
        assertThat(works(third)).isTrue();

        String fourth = rotate(Map.of()).data("token");
        assertThat(List.of(token.secret(), second, third)).noneMatch(this::works);
        assertThat(works(fourth)).isTrue();
    }

    @Test
    void whoeverReadsWhileATokenIsRotatedSeesItOnce() {
        ApiToken read = Node.one().bean(TransactionTemplate.class).execute(transaction -> {
            // its now() is from before the rotations
            Node.sql("select now()").query().singleRow();
            rotate(Map.of("graceSeconds", 600)).expect(200);
            rotate(Map.of("graceSeconds", 600)).expect(200);
            return Node.one().bean(TokenList.class).get(company.id(), token.id());
        });
        assertThat(read).isNotNull();
        assertThat(read.graceUntil()).isNotNull();
    }

    @Test
    void whatIsNotActiveCannotBeRotated() {
        company.edit(token, Map.of("isActive", false));
        rotate(Map.of()).expect(409, "not_active");
        company.edit(token, Map.of("isActive", true));
        Tables.update("update api_tokens set expires_at = now() where id = ?", token.id());
        rotate(Map.of()).expect(409, "not_active");
        company.revoke(token);
        rotate(Map.of()).expect(409, "already_revoked");
        assertThat(Tables.texts("select public_id from api_token_secrets where token_id = ?", token.id()))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, graceSeconds: between",
        "604801, graceSeconds: between",
        "\"60\", graceSeconds: type",
        "1.5, graceSeconds: type",
    })
    void aGraceLastsFromNothingToSevenDays(String seconds, String field) {
        company.api()
                .post(token.path() + "/rotate", "{\"graceSeconds\": " + seconds + "}")
                .expectFields(field);
        assertThat(works(token.secret())).isTrue();
    }

    @Test
    void whoMayNotRotateIsNotToldWhatIsWrongWithTheGrace() {
        Api maker = Api.as(company.token("admin-apitokens-write").secret());
        maker.post(token.path() + "/rotate", Map.of("graceSeconds", -1)).expectMissing("messages-read");
        maker.post("/api/v2/apitokens/ffffffffffffffffffffffff/rotate", Map.of("graceSeconds", -1))
                .expect(404);
    }

    @Test
    void useOfTheOldSecretInItsGraceIsCountedAndShownAndNeverPunished() {
        String fresh = rotate(Map.of("graceSeconds", 3600)).data("token");
        for (int i = 0; i < 3; i++) {
            assertThat(works(token.secret())).isTrue();
            assertThat(works(fresh)).isTrue();
        }
        Node.one().bean(Uses.class).write();
        assertThat(graceUses()).isEqualTo(3);

        assertThat(works(token.secret())).isTrue();
        Node.one().bean(Uses.class).write();
        assertThat(graceUses()).isEqualTo(4);

        // the next grace is counted from nothing
        rotate(Map.of("graceSeconds", 3600)).expect(200);
        assertThat(graceUses()).isZero();
        assertThat(works(fresh)).isTrue();
        Node.one().bean(Uses.class).write();
        assertThat(graceUses()).isEqualTo(1);
    }

    @Test
    void ofFiveHundredRacesOfRotationAndRevocationNoneLeavesALivingSecret() throws Exception {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int race = 0; race < 500; race++) {
                Token raced = company.token("messages-read");
                Callable<Answer> rotating = () -> Api.at(Node.other(), company.bearer())
                        .post(raced.path() + "/rotate", Map.of("graceSeconds", 60));
                Callable<Answer> revoking = () -> company.api().post(raced.path() + "/revoke", Map.of());
                Future<Answer> rotation = both.submit(rotating);
                Future<Answer> revocation = both.submit(revoking);
                revocation.get().expect(200);
                assertThat(rotation.get().status()).isIn(200, 409);
                Api.as(raced.secret()).get(ME).expect(401);
                if (rotation.get().status() == 200) {
                    Api.as(rotation.get().data("token")).get(ME).expect(401, "token_revoked");
                }
            }
        }
    }

    @Test
    void underTheSameKeyATokenIsRotatedOnce() {
        Api keyed = company.api().with("Idempotency-Key", "rotation 7");
        Answer rotated = keyed.post(token.path() + "/rotate", Map.of()).expect(200);
        Token other = company.token("messages-read");

        for (Map<String, ?> body : List.<Map<String, ?>>of(Map.of(), Map.of("graceSeconds", 0))) {
            Answer again = keyed.post(token.path() + "/rotate", body).expect(200);
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.data().has("token")).isFalse();
            assertThat(again.header("ETag")).isEqualTo(rotated.header("ETag"));
        }
        keyed.with("If-Match", "\"0\"").post(token.path() + "/rotate", Map.of()).expect(200);
        keyed.post(token.path() + "/rotate", Map.of("graceSeconds", 60)).expect(422, "key_reused");
        keyed.post(other.path() + "/rotate", Map.of()).expect(422, "key_reused");
        company.api()
                .with("Idempotency-Key", "")
                .post(token.path() + "/rotate", Map.of())
                .expectFields("Idempotency-Key: idempotency_key");

        assertThat(works(rotated.data("token"))).isTrue();
        assertThat(works(other.secret())).isTrue();
        assertThat(events(token.id())).containsExactly("create", "rotate");
        // another one's key, and one's own next key
        Api.as(company.token("*").secret())
                .with("Idempotency-Key", "rotation 7")
                .post(other.path() + "/rotate", Map.of())
                .expect(200);
        company.api()
                .with("Idempotency-Key", "rotation 8")
                .post(token.path() + "/rotate", Map.of())
                .expect(200);
    }

    @Test
    void manyAtTheSameMomentUnderOneKeyRotateOnce() throws Exception {
        List<Future<Answer>> sent = new ArrayList<>();
        try (ExecutorService many = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 16; i++) {
                Node node = i % 2 == 0 ? Node.one() : Node.other();
                sent.add(many.submit(() -> Api.at(node, company.bearer())
                        .with("Idempotency-Key", "at once")
                        .post(token.path() + "/rotate", Map.of())));
            }
        }
        int secrets = 0;
        for (Future<Answer> answer : sent) {
            assertThat(answer.get().status()).as(answer.get().text()).isIn(200, 503);
            secrets += answer.get().data().has("token") ? 1 : 0;
        }
        assertThat(secrets).isEqualTo(1);
        assertThat(events(token.id())).containsExactly("create", "rotate");
    }

    @Test
    void aRepeatedRotationIsAnsweredOnlyToWhomItWouldBeDoneFor() {
        Token maker = company.token("admin-apitokens-write", "messages-read");
        Api keyed = Api.as(maker.secret()).with("Idempotency-Key", "rotation 7");
        keyed.post(token.path() + "/rotate", Map.of()).expect(200);
        company.edit(maker, Map.of("accessRoles", List.of(company.role("admin-apitokens-write"))));
        keyed.post(token.path() + "/rotate", Map.of()).expectMissing("messages-read");
    }

    @Test
    void aTokenThatChangedSinceItWasReadIsNotRotated() {
        company.edit(token, Map.of("name", "Renamed"));
        Api stale = company.api().with("If-Match", "\"0\"");
        stale.post(token.path() + "/rotate", Map.of("graceSeconds", 60)).expect(412, "stale");
        assertThat(works(token.secret())).isTrue();
        assertThat(company.api().get(token.path()).header("ETag")).isEqualTo("\"1\"");
        assertThat(events(token.id())).containsExactly("create", "modify");

        Answer rotated = company.api()
                .with("If-Match", "\"1\"")
                .post(token.path() + "/rotate", Map.of())
                .expect(200);
        assertThat(rotated.header("ETag")).isEqualTo("\"2\"");
    }

    private int graceUses() {
        return company.api().get(token.path()).data().path("graceUses").asInt();
    }

    private Answer rotate(Map<String, ?> body) {
        return company.api().post(token.path() + "/rotate", body);
    }

    private boolean works(String secret) {
        return Api.as(secret).get(ME).status() == 200;
    }
}
