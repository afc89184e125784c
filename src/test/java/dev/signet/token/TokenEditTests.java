package dev.signet.token;

import static dev.signet.Tenant.with;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.RowLock;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two who edit one token, and edits that meet a revocation. */
class TokenEditTests {

    private final Tenant company = Tenant.create();
    private final Token token = company.token("messages-read");

    @ParameterizedTest
    @ValueSource(strings = {"\"0\"", "W/\"0\"", "*", "\"7\", \"0\"", "\"7\",W/\"0\" , \"9\""})
    void anEditOfTheVersionThatWasReadIsMade(String precondition) {
        Answer edited = company.api().with("If-Match", precondition).patch(token.path(), Map.of("name", "Renamed"));

        assertThat(edited.expect(200).header("ETag")).isEqualTo("\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "W/\"1\"", "0", "\"00\"", "\"7\", \"9\"", "garbage"})
    void anEditOfAnotherVersionIsRefused(String precondition) {
        Answer refused = company.api().with("If-Match", precondition).patch(token.path(), Map.of("name", "Renamed"));

        refused.expect(412, "stale");
        assertThat(refused.body().path("detail").asString()).contains("\"0\"");
        assertThat(company.api().get(token.path()).header("ETag")).isEqualTo("\"0\"");
    }

    @Test
    void ofTwoEditsAtOnceOneIsMadeAndOneIsAConflict() throws Exception {
        CompletableFuture<Answer> one;
        CompletableFuture<Answer> other;
        try (RowLock lock = RowLock.on("api_tokens", token.id())) {
            one = edit(Node.one(), "One");
            other = edit(Node.other(), "Other");
            lock.awaitWaiting(2);
        }

        assertThat(Stream.of(one, other).map(answer -> answer.join().status())).containsExactlyInAnyOrder(200, 409);
        Answer late = one.join().status() == 409 ? one.join() : other.join();
        Answer first = one.join().status() == 409 ? other.join() : one.join();
        late.expect(409, "conflict");
        assertThat(company.api().get(token.path()).data()).isEqualTo(first.data());
        assertThat(Tenant.events(token.id())).containsExactly("create", "modify");
    }

    @Test
    void anEditUnderWayDoesNotUndoARevocation() throws Exception {
        CompletableFuture<Answer> revocation;
        CompletableFuture<Answer> edit;
        try (RowLock lock = RowLock.on("api_tokens", token.id())) {
            revocation = revoke();
            lock.awaitWaiting(1);
            edit = edit(Node.other(), "Late");
            lock.awaitWaiting(2);
        }

        revocation.join().expect(200);
        edit.join().expect(409, "conflict");
        assertThat(company.api().get(token.path()).data("status")).isEqualTo("revoked");
    }

    @Test
    void aRevocationWaitsForAnEditUnderWayAndIsNotLost() throws Exception {
        CompletableFuture<Answer> edit;
        CompletableFuture<Answer> revocation;
        try (RowLock lock = RowLock.on("api_tokens", token.id())) {
            edit = edit(Node.other(), "First");
            lock.awaitWaiting(1);
            revocation = revoke();
            lock.awaitWaiting(2);
        }

        edit.join().expect(200);
        assertThat(revocation.join().expect(200).data("name")).isEqualTo("First");
        assertThat(company.api().get(token.path()).data("status")).isEqualTo("revoked");
    }

    @Test
    void anEditThatChangesNothingLeavesVersionTimeAndLogAlone() {
        Answer before = company.api().get(token.path());

        for (Map<String, Object> same : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("name", before.data("name")),
                Map.of("name", " " + before.data("name") + " "),
                Map.of("description", ""),
                Map.of("accessRoles", List.of(token.role(), token.role()), "isActive", true))) {
            Answer unchanged = company.api().patch(token.path(), same).expect(200);
            assertThat(unchanged.data()).isEqualTo(before.data());
            assertThat(unchanged.header("ETag")).isEqualTo("\"0\"");
        }
        assertThat(Tenant.events(token.id())).containsExactly("create");
    }

    @Test
    void aRevokedTokenIsEditedNoMore() {
        company.revoke(token);

        company.api().patch(token.path(), Map.of("name", "Renamed")).expect(409, "already_revoked");
        company.api().patch(token.path(), Map.of("isActive", true)).expect(409, "already_revoked");
        company.api().patch(token.path(), with(Map.of(), "expiresAt", null)).expect(409, "already_revoked");
    }

    @Test
    void revokedAgainATokenStaysAsItWas() {
        Answer first = company.api()
                .post(token.path() + "/revoke", Map.of("reason", "left the company"))
                .expect(200);
        Answer again = company.api()
                .post(token.path() + "/revoke", Map.of("reason", "another"))
                .expect(200);

        assertThat(again.data()).isEqualTo(first.data());
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(first.data("revokeReason")).isEqualTo("left the company");
        assertThat(first.data("revokedBy")).isEqualTo(first.data("createdBy"));
        assertThat(Instant.parse(first.data("revokedAt"))).isEqualTo(first.data("modifiedAt"));
        assertThat(first.data().path("isActive").asBoolean()).isFalse();
        assertThat(Tenant.events(token.id())).containsExactly("create", "revoke");
    }

    @Test
    void aReasonIsNotNeededAndHasALongest() {
        company.api()
                .post(token.path() + "/revoke", Map.of("reason", "r".repeat(501)))
                .expectFields("reason: size");
        assertThat(company.api()
                        .post(token.path() + "/revoke", null)
                        .expect(200)
                        .data()
                        .path("revokeReason")
                        .isNull())
                .isTrue();
    }

    @Test
    void aRevokedTokenStaysListedAndItsBotIsSwitchedOff() {
        company.revoke(token);

        assertThat(company.api()
                        .get("/api/v2/apitokens?ids=" + token.id())
                        .data()
                        .path("apiTokens"))
                .hasSize(1);
        assertThat(Node.sql("select is_active from users where id = ?")
                        .param(token.user())
                        .query(Boolean.class)
                        .single())
                .isFalse();
    }

    private CompletableFuture<Answer> edit(Node node, String name) {
        return supplyAsync(() -> Api.at(node, company.bearer()).patch(token.path(), Map.of("name", name)));
    }

    private CompletableFuture<Answer> revoke() {
        return supplyAsync(() -> company.api().post(token.path() + "/revoke", Map.of()));
    }
}
