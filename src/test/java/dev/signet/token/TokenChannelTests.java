package dev.signet.token;

import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.newToken;
import static dev.signet.Tenant.with;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.RowLock;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A bot can be made a member of channels from the beginning. */
class TokenChannelTests {

    private static final String OPENS = "admin-apitokens-write";

    private final Tenant company = Tenant.create();
    private final String general = channel(company);

    @Test
    void theNewBotIsAMemberOfTheChannels() {
        String role = company.role("messages-read");
        Answer made = company.api()
                .post(TOKENS, with(newToken(role), "channels", List.of(general, general)))
                .expect(201);
        Answer apart = company.api().post(TOKENS, newToken(role)).expect(201);

        assertThat(Tables.texts("select user_id from channel_members where channel_id = ?", general))
                .contains(made.data("user"))
                .doesNotContain(apart.data("user"));
        assertThat(Tables.texts("select changes #>> '{/userIds,changedTo}' from audit_logs where item = ?", general))
                .singleElement(as(STRING))
                .contains(made.data("user"));
    }

    @Test
    void aChannelThatIsNotTheCompanysIsNamed() {
        String role = company.role("messages-read");
        for (String id : List.of(channel(Tenant.create()), "ffffffffffffffffffffffff", "x")) {
            company.api()
                    .post(TOKENS, with(newToken(role), "channels", List.of(general, id)))
                    .expectFields("channels[1]: unknown_id");
        }
    }

    @Test
    void whoIsNoMemberAndDoesNotAdministerChannelsInvitesNobody() {
        String role = company.role(OPENS);
        Api outsider = Api.as(company.token(OPENS).secret());
        outsider.post(TOKENS, with(newToken(role), "channels", List.of(general)))
                .expectMissing("admin-channels-write");
        outsider.post(TOKENS, with(newToken(role), "channels", List.of("x"))).expectMissing("admin-channels-write");

        Api member = Api.as(company.api()
                .post(TOKENS, with(newToken(role), "channels", List.of(general)))
                .data("token"));
        member.post(TOKENS, with(newToken(role), "channels", List.of(general))).expect(201);
        Api.as(company.token(OPENS, "admin-channels-write").secret())
                .post(TOKENS, with(newToken(role), "channels", List.of(general)))
                .expect(201);
    }

    @Test
    void aPatchMakesTheBotAMemberOfExactlyTheseChannels() {
        String role = company.role("messages-read");
        String one = newChannel("one");
        String other = newChannel("other");
        Answer made = company.api()
                .post(TOKENS, with(newToken(role), "channels", List.of(general, one)))
                .expect(201);
        String path = TOKENS + "/" + made.data("_id");
        String bot = made.data("user");
        String direct = company.api()
                .post(
                        "/api/v2/channels",
                        Map.of(
                                "nameDisplay",
                                "Two",
                                "nameCode",
                                "two",
                                "isDirect",
                                true,
                                "isPrivate",
                                true,
                                "userIds",
                                List.of(bot)))
                .expect(201)
                .data("_id");

        Answer moved = company.api()
                .patch(path, Map.of("channels", List.of(other, one, one.toUpperCase(Locale.ROOT))))
                .expect(200);
        assertThat(channelsOf(bot)).containsExactlyInAnyOrder(one, other, direct);
        assertThat(moved.header("ETag")).as("the token itself is as it was").isEqualTo("\"0\"");
        assertThat(Tenant.events(general)).endsWith("modify");
        assertThat(Tenant.events(made.data("_id"))).containsExactly("create");

        company.api().patch(path, Map.of("name", "Renamed")).expect(200);
        assertThat(channelsOf(bot)).hasSize(3);
        company.api().patch(path, Map.of("channels", List.of())).expect(200);
        assertThat(channelsOf(bot)).containsExactly(direct);

        company.api().patch(path, "{\"channels\": null}").expectFields("channels: required");
        company.api()
                .patch(path, Map.of("channels", List.of(one, "ffffffffffffffffffffffff")))
                .expectFields("channels[1]: unknown_id");
        company.api()
                .patch(path, Map.of("channels", List.of(channel(Tenant.create()))))
                .expectFields("channels[0]: unknown_id");
        company.api()
                .with("If-Match", "\"0\"")
                .patch(path, Map.of("channels", List.of(one)))
                .expect(412, "stale");
        assertThat(channelsOf(bot)).containsExactly(direct);
    }

    @Test
    void onlyWhoCouldDoItOneByOneMovesABot() {
        String role = company.role(OPENS);
        Api outsider = Api.as(company.token(OPENS).secret());
        Answer made = company.api()
                .post(TOKENS, with(newToken(role), "channels", List.of(general)))
                .expect(201);
        String path = TOKENS + "/" + made.data("_id");
        String other = newChannel("other");

        outsider.patch(path, Map.of("channels", List.of(general, other))).expectMissing("admin-channels-write");
        outsider.patch(path, Map.of("channels", List.of())).expectMissing("admin-channels-write");
        outsider.patch(path, Map.of("channels", List.of(general), "name", "Renamed"))
                .expect(200);
        assertThat(channelsOf(made.data("user"))).containsExactly(general);
    }

    @Test
    void ofTwoWhoMoveABotAtOnceTheLastCountsWhole() throws Exception {
        Token token = company.token("messages-read");
        String one = newChannel("one");
        String other = newChannel("other");
        CompletableFuture<Answer> first;
        CompletableFuture<Answer> last;
        try (RowLock lock = RowLock.on("api_tokens", token.id())) {
            first = move(Node.one(), token, List.of(general, one));
            lock.awaitWaiting(1);
            last = move(Node.other(), token, List.of(other));
            lock.awaitWaiting(2);
        }

        first.join().expect(200);
        last.join().expect(200);
        assertThat(channelsOf(token.user())).containsExactly(other);
    }

    @Test
    void aRevokedBotIsNotMovedEvenIfItWasRevokedAtThatMoment() throws Exception {
        Token token = company.token("messages-read");
        CompletableFuture<Answer> revocation;
        CompletableFuture<Answer> move;
        try (RowLock lock = RowLock.on("api_tokens", token.id())) {
            revocation = supplyAsync(() -> company.api().post(token.path() + "/revoke", null));
            lock.awaitWaiting(1);
            move = move(Node.other(), token, List.of(general));
            lock.awaitWaiting(2);
        }

        revocation.join().expect(200);
        move.join().expect(409, "already_revoked");
        assertThat(channelsOf(token.user())).isEmpty();
    }

    @Test
    void whoWaitsForTheCompanyHoldsNoChannelMeanwhile() throws Exception {
        Token token = company.token("messages-read");
        Tables.update("update api_tokens set expires_at = now() where id = ?", token.id());
        CompletableFuture<Answer> edit;
        try (RowLock lock = RowLock.on("companies", company.id())) {
            edit = supplyAsync(() -> company.api()
                    .patch(token.path(), Map.of("expiresAt", "2099-01-01T00:00:00Z", "channels", List.of(general))));
            lock.awaitWaiting(1);
            assertThat(Tables.texts("select id from channels where id = ? for update skip locked", general))
                    .containsExactly(general);
        }

        edit.join().expect(200);
        assertThat(channelsOf(token.user())).containsExactly(general);
    }

    private CompletableFuture<Answer> move(Node node, Token token, List<String> channels) {
        return supplyAsync(() -> Api.at(node, company.bearer()).patch(token.path(), Map.of("channels", channels)));
    }

    private String newChannel(String code) {
        return company.api()
                .post("/api/v2/channels", Map.of("nameDisplay", code, "nameCode", code))
                .expect(201)
                .data("_id");
    }

    private static List<String> channelsOf(String user) {
        return Tables.texts("select channel_id from channel_members where user_id = ?", user);
    }

    private static String channel(Tenant company) {
        return Tables.texts("select id from channels where company_id = ?", company.id())
                .getFirst();
    }
}
