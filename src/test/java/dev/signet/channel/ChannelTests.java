package dev.signet.channel;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.channel;
import static dev.signet.Talk.newChannel;
import static dev.signet.Talk.say;
import static dev.signet.Tenant.events;
import static dev.signet.Tenant.with;
import static dev.signet.Tenant.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a channel is made of, and each rule for it. */
class ChannelTests {

    private static final String ABSENT = "ffffffffffffffffffffffff";
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    private final Tenant company = Tenant.create();
    private final Token token = Talk.talker(company);
    private final Api bot = Api.as(token.secret());
    private final Map<String, Object> wanted = newChannel();

    @Test
    void aNewChannelIsAnsweredWithItsRecordAndAddress() {
        String admin = Talk.me(company.api());
        Answer made = company.api()
                .post(
                        CHANNELS,
                        Map.of(
                                "nameDisplay",
                                "Orders",
                                "nameCode",
                                "orders",
                                "group",
                                "g-1",
                                "userIds",
                                List.of(token.user())))
                .expect(201);

        assertThat(made.header("Location")).isEqualTo(CHANNELS + "/" + made.data("_id"));
        assertThat(made.header("ETag")).isEqualTo("\"0\"");
        assertThat(made.data().propertyNames())
                .containsExactlyInAnyOrder(
                        "_id",
                        "nameDisplay",
                        "nameCode",
                        "group",
                        "company",
                        "userIds",
                        "isActive",
                        "isDirect",
                        "isPrivate",
                        "settings",
                        "lastMessage",
                        "createdBy",
                        "createdAt",
                        "modifiedAt");
        assertThat(made.data("_id")).matches("[0-9a-f]{24}");
        assertThat(made.data("nameDisplay")).isEqualTo("Orders");
        assertThat(made.data("nameCode")).isEqualTo("orders");
        assertThat(made.data("group")).isEqualTo("g-1");
        assertThat(made.data("company")).isEqualTo(company.id());
        assertThat(members(made)).containsExactlyInAnyOrder(admin, token.user());
        assertThat(made.data().path("isActive").asBoolean()).isTrue();
        assertThat(made.data().path("isDirect").asBoolean()).isFalse();
        assertThat(made.data().path("isPrivate").asBoolean()).isFalse();
        assertThat(made.data().path("settings")).hasToString("{\"write\":\"all\",\"writeUserIds\":[]}");
        assertThat(made.data().path("lastMessage").isNull()).isTrue();
        assertThat(made.data("createdBy")).isEqualTo(admin);
        assertThat(made.data("createdAt")).matches(TIME).isEqualTo(made.data("modifiedAt"));
        assertThat(company.api()
                        .get(CHANNELS + "/" + made.data("_id"))
                        .expect(200)
                        .data())
                .isEqualTo(made.data());
        assertThat(events(made.data("_id"))).containsExactly("create");
    }

    @Test
    void theLastMessageIsAsItIsNow() {
        String channel = channel(company.api(), token.user());
        assertThat(lastMessage(channel).isNull()).isTrue();
        String message = say(bot, channel, "first");

        assertThat(lastMessage(channel).propertyNames())
                .containsExactlyInAnyOrder("content", "date", "sender", "contentType");
        assertThat(lastMessage(channel).path("content").asString()).isEqualTo("first");
        assertThat(lastMessage(channel).path("date").asString()).matches(TIME);
        assertThat(lastMessage(channel).path("sender").asString()).isEqualTo(token.user());
        assertThat(lastMessage(channel).path("contentType").asString()).isEqualTo("text/plain");

        bot.patch(Talk.MESSAGES + "/" + message, Map.of("content", "mended")).expect(200);
        assertThat(lastMessage(channel).path("content").asString()).isEqualTo("mended");
    }

    @Test
    void theLastMessageIsTheLastThatIsNotHidden() {
        String channel = channel(company.api(), token.user());
        String first = say(bot, channel, "first");
        String second = say(bot, channel, "second");
        String third = say(bot, channel, "third");

        hide(second, true);
        assertThat(lastMessage(channel).path("content").asString()).isEqualTo("third");
        hide(third, true);
        assertThat(lastMessage(channel).path("content").asString()).isEqualTo("first");
        hide(first, true);
        assertThat(lastMessage(channel).isNull()).isTrue();
        hide(second, false);
        assertThat(lastMessage(channel).path("content").asString()).isEqualTo("second");
        hide(first, false);
        assertThat(lastMessage(channel).path("content").asString()).isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nameDisplay", "nameCode"})
    void aChannelNeedsANameAndACode(String field) {
        bot.post(CHANNELS, without(wanted, field)).expectFields(field + ": required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Orders", "1st", "_x", "a b", "a-b", "ordérs"})
    void whatIsNoCodeIsRefused(String code) {
        bot.post(CHANNELS, with(wanted, "nameCode", code)).expectFields("nameCode: code");
    }

    @Test
    void aCodeIsTakenInItsCompanyAlone() {
        bot.post(CHANNELS, wanted).expect(201);
        bot.post(CHANNELS, wanted).expect(409, "code_taken");
        bot.post(CHANNELS, with(wanted, "nameCode", "general")).expect(409, "code_taken");
        Tenant.create().api().post(CHANNELS, wanted).expect(201);
    }

    @Test
    void usersOfNobodyAndOfOthersAreNamedAlike() {
        String foreign = Talk.me(Tenant.create().api());
        for (String id : List.of(ABSENT, foreign, "x")) {
            bot.post(CHANNELS, newChannel(token.user(), id)).expectFields("userIds[1]: unknown_id");
            Map<String, Object> settings = Map.of("write", "none", "writeUserIds", List.of(id));
            bot.post(CHANNELS, with(wanted, "settings", settings)).expectFields("settings.writeUserIds[0]: unknown_id");
            bot.patch(CHANNELS + "/" + channel(bot), Map.of("settings", settings))
                    .expectFields("settings.writeUserIds[0]: unknown_id");
            company.api().get(CHANNELS + "?user=" + id).expectFields("user: unknown_id");
        }
    }

    @Test
    void moreThanAThousandMembersAtOnceAreTooMany() {
        String[] many = IntStream.range(0, 1001).mapToObj(i -> ABSENT).toArray(String[]::new);
        bot.post(CHANNELS, newChannel(many)).expectFields("userIds: size");
    }

    @Test
    void unknownFieldsAreNamedAndChangeNothing() {
        String channel = CHANNELS + "/" + channel(bot);
        for (String field : List.of(
                "_id", "company", "userIds", "nameCode", "isDirect", "lastMessage", "createdBy", "modifiedAt")) {
            bot.patch(channel, with(Map.of(), field, "x")).expectFields(field + ": unknown_field");
        }
        bot.post(CHANNELS, with(wanted, "lastMessage", null)).expectFields("lastMessage: unknown_field");
        assertThat(bot.get(channel).header("ETag")).isEqualTo("\"0\"");
    }

    @Test
    void onlyTheChangedFieldsAreSent() {
        String channel = CHANNELS + "/" + channel(bot);
        bot.patch(channel, Map.of("settings", Map.of("write", "none", "writeUserIds", List.of(token.user()))))
                .expect(200);
        Answer edited = bot.patch(channel, Map.of("nameDisplay", "Renamed", "group", "g"))
                .expect(200);
        assertThat(edited.header("ETag")).isEqualTo("\"2\"");
        assertThat(edited.data("nameDisplay")).isEqualTo("Renamed");
        assertThat(edited.data().at("/settings/write").asString()).isEqualTo("none");

        Answer opened =
                bot.patch(channel, Map.of("settings", Map.of("write", "all"))).expect(200);
        assertThat(opened.data().at("/settings/writeUserIds/0").asString()).isEqualTo(token.user());
        assertThat(opened.data("group")).isEqualTo("g");
        assertThat(bot.patch(channel, Map.of("group", "")).data().path("group").isNull())
                .isTrue();
        bot.patch(channel, Map.of("group", "g")).expect(200);
        assertThat(bot.patch(channel, with(Map.of(), "group", null))
                        .expect(200)
                        .data()
                        .path("group")
                        .isNull())
                .isTrue();
        bot.patch(channel, Map.of("isActive", false)).expect(200);
        assertThat(events(channel.substring(CHANNELS.length() + 1)))
                .containsExactly("create", "modify", "modify", "modify", "modify", "modify", "modify", "disable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nameDisplay", "isActive", "isPrivate", "settings"})
    void whatAChannelNeedsCannotBeCleared(String field) {
        bot.patch(CHANNELS + "/" + channel(bot), with(Map.of(), field, null)).expectFields(field + ": required");
    }

    @Test
    void whoMayWriteIsAllOrNone() {
        bot.post(CHANNELS, with(wanted, "settings", Map.of("write", "some"))).expect(400);
        assertThat(bot.post(CHANNELS, with(wanted, "settings", Map.of("write", "none")))
                        .expect(201)
                        .data()
                        .path("settings"))
                .hasToString("{\"write\":\"none\",\"writeUserIds\":[]}");
    }

    @Test
    void aStaleEditIsRefused() {
        String channel = CHANNELS + "/" + channel(bot);
        bot.with("If-Match", "\"0\"")
                .patch(channel, Map.of("nameDisplay", "First"))
                .expect(200);
        bot.with("If-Match", "\"0\"")
                .patch(channel, Map.of("nameDisplay", "Second"))
                .expect(412, "stale");
        bot.with("If-Match", "W/\"1\"")
                .patch(channel, Map.of("nameDisplay", "Third"))
                .expect(200);
    }

    @Test
    void whoMadeAChannelLooksAfterItAsLongAsAMember() {
        Api other = Talk.bot(company);
        String channel = CHANNELS + "/" + channel(bot, Talk.me(other));

        other.patch(channel, Map.of("nameDisplay", "Taken over")).expectMissing("admin-channels-write");
        bot.patch(channel, Map.of("nameDisplay", "Mine")).expect(200);
        Talk.bot(company, "admin-channels-write")
                .patch(channel, Map.of("nameDisplay", "Ours"))
                .expect(200);

        company.api().delete(channel + "/users/" + token.user()).expect(200);
        bot.patch(channel, Map.of("nameDisplay", "Still mine?")).expectMissing("admin-channels-write");
    }

    @Test
    void whoMayNotEditIsNotToldWhatIsWrongWithTheBody() {
        String channel = CHANNELS + "/" + channel(company.api(), token.user());
        bot.patch(channel, Map.of("colour", "red")).expectMissing("admin-channels-write");
    }

    @Test
    void aDirectChannelIsOfTwoAloneAndPrivate() {
        String other = company.token("messages-write").user();
        String third = company.token("messages-write").user();
        Map<String, Object> direct = newChannel(other);
        direct.put("isDirect", true);
        bot.post(CHANNELS, with(direct, "userIds", List.of())).expectFields("userIds: direct_pair");
        bot.post(CHANNELS, with(direct, "userIds", List.of(token.user()))).expectFields("userIds: direct_pair");
        bot.post(CHANNELS, with(direct, "userIds", List.of(other, third))).expectFields("userIds: direct_pair");
        bot.post(CHANNELS, with(direct, "isPrivate", false)).expectFields("isPrivate: direct_private");

        Answer made = bot.post(CHANNELS, with(direct, "userIds", List.of(other, token.user())))
                .expect(201);
        assertThat(made.data().path("isPrivate").asBoolean()).isTrue();
        String channel = CHANNELS + "/" + made.data("_id");
        bot.patch(channel, Map.of("isPrivate", false)).expectFields("isPrivate: direct_private");
        bot.put(channel + "/users/" + third).expect(409, "direct_channel");
        bot.put(channel + "/users/" + other).expect(200);
        bot.delete(channel + "/users/" + token.user()).expect(409, "direct_channel");
    }

    @Test
    void channelsAreFoundBySearchGroupAndMember() {
        String admin = Talk.me(company.api());
        String mine = bot.post(CHANNELS, with(with(newChannel(), "nameDisplay", "Gestión"), "group", "north"))
                .expect(201)
                .data("_id");
        String off = channel(bot);
        bot.patch(CHANNELS + "/" + off, Map.of("isActive", false)).expect(200);

        assertThat(codes("?search=gestion"))
                .hasSize(1)
                .containsExactly(bot.get(CHANNELS + "/" + mine).data("nameCode"));
        assertThat(codes("?group=north")).hasSize(1);
        assertThat(codes("?group=south")).isEmpty();
        assertThat(codes("?user=" + token.user())).hasSize(1);
        assertThat(codes("?user=" + admin)).containsExactly("general");
        assertThat(codes("?isActive=false"))
                .containsExactly(bot.get(CHANNELS + "/" + off).data("nameCode"));
        assertThat(company.api()
                        .get(CHANNELS + "?isActive=all&count=true")
                        .data()
                        .path("count")
                        .asInt())
                .isEqualTo(3);
        assertThat(codes("?sortBy=name&orderBy=asc"))
                .containsExactly("general", codes("?group=north").getFirst());
    }

    @Test
    void theLogKeepsNothingOfWhatIsSaid() throws Exception {
        String busy = Talk.channel(company.api());
        String words = "words that are nobody else's";
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 20; i++) {
                String name = "Busy " + i;
                Future<?> said = both.submit(() -> Talk.say(company.api(), busy, words));
                both.submit(() -> company.api()
                                .patch(CHANNELS + "/" + busy, Map.of("nameDisplay", name))
                                .expect(200))
                        .get();
                said.get();
            }
        }
        assertThat(Tables.texts("select changes::text from audit_logs where item = ?", busy))
                .hasSize(21)
                .noneMatch(changes -> changes.contains("lastMessage/") || changes.contains(words));
    }

    private List<String> codes(String query) {
        return bot.get(CHANNELS + query).expect(200).data().path("channels").values().stream()
                .map(channel -> channel.path("nameCode").asString())
                .toList();
    }

    private void hide(String message, boolean hidden) {
        bot.patch(Talk.MESSAGES + "/" + message, Map.of("isHidden", hidden)).expect(200);
    }

    private JsonNode lastMessage(String channel) {
        return bot.get(CHANNELS + "/" + channel).expect(200).data().path("lastMessage");
    }

    private static List<String> members(Answer channel) {
        return channel.data().path("userIds").values().stream()
                .map(JsonNode::asString)
                .toList();
    }
}
