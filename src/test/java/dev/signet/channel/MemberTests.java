package dev.signet.channel;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.channel;
import static dev.signet.Talk.privateChannel;
import static dev.signet.Talk.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** Who belongs to a channel, and what it shows to others. */
class MemberTests {

    private static final String ABSENT = "ffffffffffffffffffffffff";

    private final Tenant company = Tenant.create();
    private final Token insider = Talk.talker(company);
    private final Token outsider = Talk.talker(company);
    private final Api in = Api.as(insider.secret());
    private final Api out = Api.as(outsider.secret());

    @Test
    void aMemberBringsOthersInAndABotIsAMemberLikeAnyone() {
        String channel = channel(company.api(), insider.user());

        Answer joined = in.put(users(channel, outsider.user())).expect(200);

        assertThat(members(joined)).contains(outsider.user()).hasSize(3);
        assertThat(joined.header("ETag")).isEqualTo("\"1\"");
        say(out, channel, "I am in");
        assertThat(in.put(users(channel, outsider.user())).expect(200).header("ETag"))
                .as("one who is in already")
                .isEqualTo("\"1\"");
        assertThat(Tenant.events(channel)).containsExactly("create", "modify");
    }

    @Test
    void aChangeOfMembersTakesNoBodyAndHeedsIfMatch() {
        String channel = channel(in);
        String path = users(channel, outsider.user());
        in.put(path, Map.of("role", "owner")).expect(400, "invalid_request");
        in.send(HttpMethod.DELETE, path, Map.of("notify", true)).expect(400, "invalid_request");

        in.with("If-Match", "\"0\"").put(path).expect(200);
        in.with("If-Match", "\"0\"").delete(path).expect(412, "stale");
        in.with("If-Match", "\"0\"").put(path).expect(412, "stale");
        assertThat(members(in.get(CHANNELS + "/" + channel))).contains(outsider.user());
        in.with("If-Match", "W/\"1\"").delete(path).expect(200);
    }

    @Test
    void theLogNamesWhoCameAndWhoLeftAlone() {
        String channel = channel(in, Talk.me(company.api()));
        in.put(users(channel, outsider.user())).expect(200);
        delete(in, channel, outsider.user()).expect(200);
        in.patch(
                        CHANNELS + "/" + channel,
                        Map.of("settings", Map.of("write", "all", "writeUserIds", List.of(insider.user()))))
                .expect(200);
        in.patch(
                        CHANNELS + "/" + channel,
                        Map.of("settings", Map.of("writeUserIds", List.of(insider.user(), outsider.user()))))
                .expect(200);

        String id = "\"" + outsider.user() + "\"";
        assertThat(Tables.texts(
                        "select changes from audit_logs where item = ? and event = 'modify' order by at, id", channel))
                .containsExactly(
                        "{\"/userIds\": {\"previous\": [], \"changedTo\": [%s]}}".formatted(id),
                        "{\"/userIds\": {\"previous\": [%s], \"changedTo\": []}}".formatted(id),
                        "{\"/settings/writeUserIds\": {\"previous\": [], \"changedTo\": [\"%s\"]}}"
                                .formatted(insider.user()),
                        "{\"/settings/writeUserIds\": {\"previous\": [], \"changedTo\": [%s]}}".formatted(id));
    }

    @Test
    void whoIsNoMemberBringsNobodyInNotEvenThemselves() {
        String channel = channel(in);
        out.put(users(channel, outsider.user())).expectMissing("admin-channels-write");
        out.put(users(channel, ABSENT)).expectMissing("admin-channels-write");
        Api administers = Api.as(company.token("admin-channels-write").secret());
        administers.put(users(channel, outsider.user())).expect(200);
    }

    @Test
    void aUserOfNobodyIsNotThere() {
        String channel = channel(in);
        for (String id : List.of(ABSENT, Talk.me(Tenant.create().api()), "x")) {
            in.put(users(channel, id)).expect(404, "not_found");
            delete(in, channel, id).expect(404, "not_found");
        }
    }

    @Test
    void aMemberLeavesAndOnlyWhoLooksAfterTheChannelTakesOthersOut() {
        String channel = channel(in, outsider.user(), Talk.me(company.api()));
        delete(out, channel, insider.user()).expectMissing("admin-channels-write");
        assertThat(members(delete(out, channel, outsider.user()).expect(200))).doesNotContain(outsider.user());
        delete(out, channel, outsider.user()).expect(200);
        assertThat(members(delete(in, channel, Talk.me(company.api())).expect(200)))
                .containsExactly(insider.user());
        assertThat(Tenant.events(channel)).containsExactly("create", "modify", "modify");
    }

    @Test
    void whoIsTakenOutPostsAndReadsNothingMore() {
        String channel = channel(in, outsider.user());
        String message = say(out, channel, "while I may");
        delete(in, channel, outsider.user()).expect(200);

        out.post(Talk.MESSAGES, Talk.message(channel, "more")).expect(403, "not_a_member");
        out.get(CHANNELS + "/" + channel + "/messages").expect(403, "not_a_member");
        out.get(Talk.MESSAGES + "/channel/" + channel + "/modified/2020-01-01").expect(403, "not_a_member");
        out.patch(Talk.MESSAGES + "/" + message, Map.of("content", "other words"))
                .expect(403, "not_a_member");
        out.put(Talk.MESSAGES + "/" + message + "/reactions/x").expect(403, "not_a_member");
    }

    @Test
    void aPublicChannelIsListedForAllButItsMessagesAreItsMembers() {
        String channel = channel(in);
        say(in, channel, "for members");

        JsonNode listed = find(out, channel);
        assertThat(listed.path("lastMessage").isNull()).isTrue();
        assertThat(listed.path("userIds").size()).isOne();
        assertThat(out.get(CHANNELS + "/" + channel).expect(200).data()).isEqualTo(listed);
        assertThat(find(in, channel).at("/lastMessage/content").asString()).isEqualTo("for members");
        out.get(CHANNELS + "/" + channel + "/messages").expect(403, "not_a_member");

        Api reader = Api.as(company.token("admin-channels-read").secret());
        assertThat(find(reader, channel).at("/lastMessage/content").asString()).isEqualTo("for members");
        assertThat(reader.get(CHANNELS + "/" + channel + "/messages")
                        .expect(200)
                        .text())
                .contains("for members");
        assertThat(reader.get(Talk.MESSAGES + "/channel/" + channel + "/modified/2020-01-01")
                        .expect(200)
                        .text())
                .contains("for members");
    }

    @Test
    void aPrivateChannelLooksToOthersLikeOneThatDoesNotExist() {
        String channel = privateChannel(in);
        String message = say(in, channel, "among us");
        assertThat(find(out, channel).isMissingNode()).isTrue();
        assertThat(out.get(CHANNELS + "?isActive=all&count=true")
                        .data()
                        .path("count")
                        .asInt())
                .isOne();
        assertThat(find(in, channel).at("/lastMessage/content").asString()).isEqualTo("among us");

        List<Answer> hidden = seenBy(out, channel, message);
        List<Answer> absent = seenBy(out, ABSENT, ABSENT);
        for (int i = 0; i < hidden.size(); i++) {
            assertThat(hidden.get(i).status()).isIn(400, 404);
            assertThat(same(hidden.get(i), channel, message)).isEqualTo(same(absent.get(i), ABSENT, ABSENT));
        }
        assertThat(find(Api.as(company.token("admin-channels-read").secret()), channel)
                        .at("/lastMessage/content")
                        .asString())
                .isEqualTo("among us");
    }

    @Test
    void everyChangeOfMembersCountsUnderRaces() throws Exception {
        String channel = channel(in);
        List<String> bots = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            bots.add(company.token("messages-read").user());
        }
        List<Future<Answer>> sent = new ArrayList<>();
        try (ExecutorService many = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < bots.size(); i++) {
                Api api = Api.at(i % 2 == 0 ? Node.one() : Node.other(), insider.secret());
                String path = users(channel, bots.get(i));
                sent.add(many.submit(() -> api.put(path)));
            }
        }
        for (Future<Answer> answer : sent) {
            answer.get().expect(200);
        }
        assertThat(members(in.get(CHANNELS + "/" + channel))).containsAll(bots).hasSize(9);
        assertThat(Tenant.events(channel)).hasSize(9);
    }

    /** Everything that can be asked about a channel and a message in it. */
    private static List<Answer> seenBy(Api api, String channel, String message) {
        String path = CHANNELS + "/" + channel;
        String words = Talk.MESSAGES + "/" + message;
        return List.of(
                api.get(path),
                api.patch(path, Map.of("nameDisplay", "Found")),
                api.put(path + "/users/" + Talk.me(api)),
                delete(api, channel, Talk.me(api)),
                api.get(path + "/messages"),
                api.get(Talk.MESSAGES + "/channel/" + channel + "/modified/" + Instant.EPOCH),
                api.post(Talk.MESSAGES, Talk.message(channel, "found")),
                api.patch(words, Map.of("content", "found")),
                api.patch(words + "/remove", Map.of()),
                api.put(words + "/reactions/x"),
                api.delete(words + "/reactions/x"));
    }

    private static String same(Answer answer, String channel, String message) {
        return answer.status()
                + answer.text()
                        .replaceAll("\"traceId\":\"[^\"]*\"", "")
                        .replace(channel, "…")
                        .replace(message, "…");
    }

    private static JsonNode find(Api api, String channel) {
        return api.get(CHANNELS + "?ids=" + channel)
                .expect(200)
                .data()
                .path("channels")
                .path(0);
    }

    private static String users(String channel, String user) {
        return CHANNELS + "/" + channel + "/users/" + user;
    }

    private static Answer delete(Api api, String channel, String user) {
        return api.delete(users(channel, user));
    }

    private static List<String> members(Answer channel) {
        return channel.data().path("userIds").values().stream()
                .map(JsonNode::asString)
                .toList();
    }
}
