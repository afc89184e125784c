package dev.signet.message;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.MESSAGES;
import static dev.signet.Talk.channel;
import static dev.signet.Talk.message;
import static dev.signet.Talk.say;
import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.with;
import static dev.signet.Tenant.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a message is made of, who may post it, and each rule for it. */
class PostTests {

    private static final String ABSENT = "ffffffffffffffffffffffff";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Tenant company = Tenant.create();
    private final Token token = Talk.talker(company);
    private final Api bot = Api.as(token.secret());
    private final String channel = channel(company.api(), token.user());

    @Test
    void aNewMessageIsAnsweredWithItsRecordAndAddress() {
        Instant before = Instant.now().minusSeconds(1);
        Answer made = bot.post(MESSAGES, message(channel, "¡Hola! 👋")).expect(201);

        assertThat(made.header("Location")).isEqualTo(MESSAGES + "/" + made.data("_id"));
        assertThat(made.header("ETag")).isEqualTo("\"0\"");
        assertThat(made.data().propertyNames())
                .containsExactlyInAnyOrder(
                        "_id",
                        "channel",
                        "content",
                        "contentType",
                        "contentArray",
                        "reply",
                        "isSaved",
                        "sentBy",
                        "isBot",
                        "sender",
                        "isHidden",
                        "reactions",
                        "createdAt",
                        "modifiedAt",
                        "form");
        assertThat(made.data("_id")).matches("[0-9a-f]{24}");
        assertThat(made.data("channel")).isEqualTo(channel);
        assertThat(made.data("content")).isEqualTo("¡Hola! 👋");
        assertThat(made.data("contentType")).isEqualTo("text/plain");
        assertThat(made.data().path("contentArray")).hasToString("[]");
        assertThat(made.data().path("reply")).hasToString("[]");
        assertThat(made.data().path("isSaved").asInt()).isEqualTo(16);
        assertThat(made.data("sentBy")).isEqualTo(token.user());
        assertThat(made.data().path("isBot").asBoolean()).isTrue();
        assertThat(made.data().path("sender").propertyNames()).containsExactlyInAnyOrder("displayName", "avatar");
        assertThat(made.data().at("/sender/displayName").asString()).startsWith("Bot ");
        assertThat(made.data().at("/sender/avatar").propertyNames()).contains("small", "square", "original");
        assertThat(made.data().path("isHidden").asBoolean()).isFalse();
        assertThat(made.data().path("reactions")).hasToString("{}");
        assertThat(made.data().path("form")).hasToString("{\"modifiedAt\":[]}");
        assertThat(made.data().path("createdAt").isIntegralNumber()).isTrue();
        Instant created = Instant.ofEpochMilli(made.data().path("createdAt").asLong());
        assertThat(created).isBetween(before, Instant.now().plusSeconds(1));
        assertThat(Instant.parse(made.data("modifiedAt"))).isEqualTo(created);
        assertThat(Tenant.events(made.data("_id"))).as("posts are not audited").isEmpty();
    }

    @Test
    void aPersonPostsAsThemselves() {
        Answer made =
                company.api().post(MESSAGES, message(channel, "from a person")).expect(201);
        assertThat(made.data().path("isBot").asBoolean()).isFalse();
        assertThat(made.data("sentBy")).isEqualTo(Talk.me(company.api()));
        String self = Talk.me(company.api());
        assertThat(company.api()
                        .post(MESSAGES, message(channel, "named", self))
                        .expect(201)
                        .data()
                        .path("actedBy")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void theSenderShowsAsTheyAreNow() {
        String message = say(bot, channel, "who am I");
        company.edit(token, Map.of("userBotName", "Another name"));
        assertThat(page().at("/0/_id").asString()).isEqualTo(message);
        assertThat(page().at("/0/sender/displayName").asString()).isEqualTo("Another name");
        company.revoke(token);
        assertThat(page().at("/0/sender/displayName").asString()).isEqualTo("Another name");
    }

    @Test
    void theNextPostIsRefusedOnEveryNodeWhenTheRightIsTaken() {
        say(bot, channel, "may");
        company.edit(token, Map.of("accessRoles", List.of(company.role("messages-read"))));
        Api.at(Node.other(), token.secret())
                .post(MESSAGES, message(channel, "not"))
                .expectMissing("messages-write");
        bot.post(MESSAGES, message(channel, "not")).expectMissing("messages-write");
        assertThat(page().size()).isOne();
    }

    @Test
    void aRetiredBotSpeaksNoMore() {
        company.revoke(token);
        bot.post(MESSAGES, message(channel, "from the grave")).expect(401, "token_revoked");
    }

    @Test
    void onlyMembersPostEvenIfTheyAdministerChannels() {
        Api administers = Talk.bot(company, "admin-channels-write");
        administers.post(MESSAGES, message(channel, "from outside")).expect(403, "not_a_member");
    }

    @Test
    void aChannelThatIsNoneLooksLikeOneOfOthers() {
        Tenant other = Tenant.create();
        for (String id : List.of(ABSENT, channel(other.api()), "x")) {
            bot.post(MESSAGES, message(id, "where")).expectFields("channel: unknown_id");
        }
    }

    @Test
    void whereNoneMayWriteOnlyTheNamedDo() {
        settings(Map.of("write", "none"));
        bot.post(MESSAGES, message(channel, "x")).expect(403, "read_only_channel");
        company.api().post(MESSAGES, message(channel, "x")).expect(403, "read_only_channel");
        settings(Map.of("writeUserIds", List.of(token.user())));
        bot.post(MESSAGES, message(channel, "x")).expect(201);
        company.api().post(MESSAGES, message(channel, "x")).expect(403, "read_only_channel");
        settings(Map.of("write", "all"));
        company.api().post(MESSAGES, message(channel, "x")).expect(201);
    }

    @Test
    void beingNamedIsNotBeingAMember() {
        Token outsider = Talk.talker(company);
        settings(Map.of("write", "none", "writeUserIds", List.of(outsider.user())));
        Api.as(outsider.secret()).post(MESSAGES, message(channel, "x")).expect(403, "not_a_member");
    }

    @Test
    void nothingIsPostedInAChannelThatIsSwitchedOff() {
        String message = say(bot, channel, "before");
        company.api().patch(CHANNELS + "/" + channel, Map.of("isActive", false)).expect(200);
        bot.post(MESSAGES, message(channel, "after")).expect(409, "channel_inactive");
        bot.put(MESSAGES + "/" + message + "/reactions/x").expect(409, "channel_inactive");
        assertThat(page().size()).as("it is still read").isOne();
        settings(Map.of("write", "none"));
        bot.post(MESSAGES, message(channel, "after")).expect(403, "read_only_channel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"channel", "content", "contentType"})
    void whatAMessageNeedsIsMissed(String field) {
        bot.post(MESSAGES, without(message(channel, "x"), field)).expectFields(field + ": required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/html", "TEXT/PLAIN", "image/png", "application/json"})
    void otherContentTypesAreRefused(String type) {
        bot.post(MESSAGES, with(message(channel, "x"), "contentType", type)).expectFields("contentType: pattern");
    }

    @Test
    void unknownFieldsAreNamed() {
        for (String field : List.of("_id", "isBot", "actedBy", "createdAt", "isHidden", "reactions", "company")) {
            bot.post(MESSAGES, with(message(channel, "x"), field, "x")).expectFields(field + ": unknown_field");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n\t",
                "\u200b",
                "\u3164",
                " \u2800\u00a0",
                "\u200d\ufe0f",
                "\u202e\u2066",
                "\uffa0\u115f",
                "\u034f\u180e",
                "\udb40\udd00"
            })
    void whatShowsNothingIsRefused(String content) {
        bot.post(MESSAGES, message(channel, content)).expectFields("content: required");
        Map<String, Object> enriched = message(channel, content);
        enriched.put("contentType", "text/enriched");
        enriched.put("contentParts", List.of(Map.of("type", "text", "content", content)));
        bot.post(MESSAGES, enriched).expectFields("content: required");
        String posted = MESSAGES + "/" + say(bot, channel, "seen");
        bot.patch(posted, Map.of("content", content)).expectFields("content: required");
    }

    @Test
    void sixteenKilobytesAreCountedInUtf8() {
        bot.post(MESSAGES, message(channel, "x".repeat(16 * 1024))).expect(201);
        bot.post(MESSAGES, message(channel, "x".repeat(16 * 1024 + 1))).expectFields("content: content_size");
        bot.post(MESSAGES, message(channel, "ñ".repeat(8 * 1024))).expect(201);
        bot.post(MESSAGES, message(channel, "ñ".repeat(8 * 1024) + "x")).expectFields("content: content_size");
        bot.post(MESSAGES, message(channel, "😀".repeat(4 * 1024))).expect(201);
        bot.post(MESSAGES, message(channel, "😀".repeat(4 * 1024 + 1))).expectFields("content: content_size");
        bot.post(MESSAGES, message(channel, "x".repeat(70_000))).expect(413, "too_large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "раypal \u202etxt.exe\u202c",
                "zero\u200bwidth \ufeff",
                "line\r\nbreak\ttab \u001b[31m",
                " as typed ",
                "e\u0301 is not é",
                "👩‍👩‍👧‍👦 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
                "مرحبا"
            })
    void aTextIsKeptAsItWasTyped(String content) {
        assertThat(bot.post(MESSAGES, message(channel, content)).expect(201).data("content"))
                .isEqualTo(content);
        assertThat(page().at("/0/content").asString()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "a\\u0000b", "\\ud800", "\\udc00\\ud800"})
    void whatNobodyCanKeepIsRefusedWhereverItStands(String text) {
        bot.post(
                        MESSAGES,
                        "{\"channel\":\"%s\",\"contentType\":\"text/plain\",\"content\":\"%s\"}"
                                .formatted(channel, text))
                .expectFields("content: text");
        String enriched =
                "{\"channel\":\"%s\",\"contentType\":\"text/enriched\",\"content\":\"x\",\"contentParts\":[%s]}";
        bot.post(MESSAGES, enriched.formatted(channel, "{\"type\":\"text\",\"content\":\"" + text + "\"}"))
                .expectFields("contentParts[0].content: text");
        for (String payload : List.of("\"%s\"", "{\"a\":\"%s\"}", "[[\"%s\"]]", "{\"a\":[{\"b\":\"%s\"}]}")) {
            String part = "{\"type\":\"link\",\"content\":\"x\",\"payload\":" + payload.formatted(text) + "}";
            bot.post(MESSAGES, enriched.formatted(channel, part)).expectFields("contentParts[0].payload: text");
        }
        String named = "{\"type\":\"link\",\"content\":\"x\",\"payload\":{\"" + text + "\":1}}";
        bot.post(MESSAGES, enriched.formatted(channel, named)).expect(400);
        assertThat(page().size()).isZero();
    }

    @Test
    void anEnrichedTextHasPartsOfFiveKindsWhosePayloadIsKeptAsItCame() {
        String parts = """
                [{"type":"text","content":"see "},
                 {"type":"link","content":"the order","payload":{"url":"https://example.com/?a=1&b=<2>"}},
                 {"type":"user","content":"@Ada","payload":"6b0527c4cc10076c97460db1"},
                 {"type":"hover","content":"why","payload":[1,true,null,{"deep":{"er":[0.5]}}]},
                 {"type":"task","content":"do it","payload":null}]""";
        Map<String, Object> body = message(channel, "");
        body.put("contentType", "text/enriched");
        body.put("contentParts", JSON.readTree(parts));
        JsonNode made = bot.post(MESSAGES, body).expect(201).data();

        assertThat(made.path("contentArray").size()).isEqualTo(5);
        assertThat(made.at("/contentArray/0/payload").isNull()).isTrue();
        assertThat(made.path("contentArray").values())
                .extracting(part -> part.path("type").asString())
                .containsExactly("text", "link", "user", "hover", "task");
        assertThat(made.at("/contentArray/1/payload/url").asString()).isEqualTo("https://example.com/?a=1&b=<2>");
        assertThat(made.at("/contentArray/3/payload"))
                .isEqualTo(JSON.readTree(parts).at("/3/payload"));
        assertThat(page().path(0)).isEqualTo(made);
    }

    @Test
    void partsGoWithEnrichedTextsAlone() {
        Map<String, Object> part = Map.of("type", "text", "content", "x");
        Map<String, Object> body = message(channel, "x");
        body.put("contentParts", List.of(part));
        bot.post(MESSAGES, body).expectFields("contentParts: only_enriched");
        body.put("contentType", "text/enriched");
        bot.post(MESSAGES, body).expect(201);
        body.put("contentParts", List.of(with(part, "type", "html")));
        bot.post(MESSAGES, body).expect(400);
        body.put("contentParts", List.of(without(part, "content")));
        bot.post(MESSAGES, body).expectFields("contentParts[0].content: required");
        body.put("contentParts", List.of(with(part, "colour", 1)));
        bot.post(MESSAGES, body).expectFields("contentParts[0].colour: unknown_field");
    }

    @Test
    void aPayloadDoesNotGrowWhenItIsStored() {
        String payload = "[" + "1e200,".repeat(600) + "1]";
        bot.post(
                        MESSAGES,
                        "{\"channel\":\"%s\",\"contentType\":\"text/enriched\",\"content\":\"x\",\"contentParts\":[{\"type\":\"task\",\"content\":\"x\",\"payload\":%s}]}"
                                .formatted(channel, payload))
                .expect(201);
        assertThat(bot.get(CHANNELS + "/" + channel + "/messages").text()).contains(payload);
    }

    @Test
    void aReplyNamesMessagesOfItsChannel() {
        String first = say(bot, channel, "first");
        String elsewhere = say(bot, channel(bot), "elsewhere");
        assertThat(bot.post(MESSAGES, with(message(channel, "re"), "reply", List.of(first)))
                        .expect(201)
                        .data()
                        .path("reply"))
                .hasToString("[\"" + first + "\"]");
        for (String id : List.of(elsewhere, ABSENT, "x")) {
            bot.post(MESSAGES, with(message(channel, "re"), "reply", List.of(first, id)))
                    .expectFields("reply[1]: unknown_id");
        }
        assertThat(page().size()).as("nothing of the refused").isEqualTo(2);
        assertThat(Tables.texts("select number from channel_heads where channel_id = ?", channel))
                .containsExactly("2");
    }

    @Test
    void aTokenMadeForAChannelSpeaksThereAtOnce() {
        Map<String, Object> wanted = Tenant.newToken(company.role("messages-write"));
        String secret = company.api()
                .post(TOKENS, with(wanted, "channels", List.of(channel)))
                .expect(201)
                .data("token");
        say(Api.as(secret), channel, "hello");
    }

    @Test
    void whoMayNotPostIsNotToldWhatIsWrongWithTheWords() {
        Api outsider = Api.as(Talk.talker(company).secret());
        outsider.post(MESSAGES, message(channel, " ")).expect(403, "not_a_member");
        bot.post(
                        MESSAGES,
                        message(
                                channel,
                                " ",
                                company.api().get("/api/v2/users/me").data("_id")))
                .expect(403, "cannot_act_for");
        settings(Map.of("write", "none"));
        bot.post(MESSAGES, message(channel, "x".repeat(20_000))).expect(403, "read_only_channel");
    }

    private void settings(Map<String, Object> settings) {
        company.api()
                .patch(CHANNELS + "/" + channel, Map.of("settings", settings))
                .expect(200);
    }

    private JsonNode page() {
        return company.api()
                .get(CHANNELS + "/" + channel + "/messages")
                .expect(200)
                .data()
                .path("messages");
    }
}
