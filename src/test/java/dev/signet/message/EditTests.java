package dev.signet.message;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.MESSAGES;
import static dev.signet.Talk.say;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** Messages are mended, removed and shown again: one's own, or any by who administers channels. */
class EditTests {

    private final Tenant company = Tenant.create();
    private final Token token = Talk.talker(company);
    private final Api bot = Api.as(token.secret());
    private final Token otherToken = Talk.talker(company);
    private final Api other = Api.as(otherToken.secret());
    private final String channel = Talk.channel(company.api(), token.user(), otherToken.user());
    private final String id = say(bot, channel, "first words");
    private final String message = MESSAGES + "/" + id;

    @Test
    void onesOwnWordsAreMended() {
        Answer edited = bot.patch(message, Map.of("content", "better words", "channel", channel, "isSaved", 2))
                .expect(200);
        assertThat(edited.data("content")).isEqualTo("better words");
        assertThat(edited.header("ETag")).isEqualTo("\"1\"");
        assertThat(edited.data().path("isSaved").asInt()).isEqualTo(16);
        assertThat(page().path(0)).isEqualTo(edited.data());
        assertThat(Tenant.events(id)).as("one's own edits are no news").isEmpty();
        assertThat(bot.patch(message, Map.of("content", "better words"))
                        .expect(200)
                        .header("ETag"))
                .as("the same again")
                .isEqualTo("\"1\"");
    }

    @Test
    void othersMessagesAreNotTheirsToChange() {
        other.patch(message, Map.of("content", "stolen")).expect(403, "not_your_message");
        other.patch(message + "/remove", Map.of()).expect(403, "not_your_message");
        other.patch(message, Map.of("colour", "red")).expect(403, "not_your_message");
    }

    @Test
    void whoAdministersChannelsChangesAnyMessageAndTheLogKeepsIt() {
        Api moderator = Api.as(company.token("admin-channels-write").secret());
        moderator.patch(message, Map.of("content", "kinder words")).expect(200);
        assertThat(moderator.patch(message + "/remove", Map.of()).expect(200).data("content"))
                .isEmpty();
        assertThat(Tenant.events(id)).containsExactly("modify", "modify");
    }

    @Test
    void whoMayOnlyReadChangesNothing() {
        company.edit(token, Map.of("accessRoles", List.of(company.role("messages-read"))));
        bot.patch(message, Map.of("content", "x")).expectMissing("messages-write");
    }

    @Test
    void aRemovedMessageKeepsItsPlaceAndNotItsWords() {
        Answer removed = bot.send(HttpMethod.PATCH, message + "/remove", null).expect(200);
        assertThat(removed.data().path("isHidden").asBoolean()).isTrue();
        assertThat(removed.data("content")).isEmpty();
        assertThat(removed.header("ETag")).isEqualTo("\"1\"");
        assertThat(page().size()).isOne();
        assertThat(page().at("/0/content").asString()).isEmpty();
        assertThat(bot.get(MESSAGES + "/channel/" + channel + "/modified/2020-01-01")
                        .text())
                .contains(id)
                .doesNotContain("first words");
        assertThat(other.get(CHANNELS + "/" + channel).text()).doesNotContain("first words");

        Answer shown = bot.patch(message + "/remove", Map.of("isHidden", false)).expect(200);
        assertThat(shown.data("content")).isEqualTo("first words");
        bot.patch(message, Map.of("isHidden", true)).expect(200);
        bot.patch(message, Map.of("isHidden", false)).expect(200);
        assertThat(page().at("/0/content").asString()).isEqualTo("first words");
    }

    @Test
    void aSenderRemovesWithinADayAndWhoAdministersAfterIt() {
        Tables.update("update messages set created_at = now() - interval '24 hours 1 minute' where id = ?", id);
        bot.patch(message + "/remove", Map.of()).expect(403, "too_late");
        bot.patch(message, Map.of("isHidden", true)).expect(403, "too_late");
        bot.patch(message, Map.of("content", "still mine to mend")).expect(200);
        company.api().patch(message + "/remove", Map.of()).expect(200);

        String young = say(bot, channel, "young");
        Tables.update("update messages set created_at = now() - interval '23 hours 59 minutes' where id = ?", young);
        bot.patch(MESSAGES + "/" + young + "/remove", Map.of()).expect(200);
    }

    @Test
    void whatAModeratorHidItsSenderDoesNotShow() {
        company.api().patch(message + "/remove", Map.of()).expect(200);
        bot.patch(message + "/remove", Map.of("isHidden", false)).expect(403, "not_your_message");
        company.api().patch(message + "/remove", Map.of("isHidden", false)).expect(200);
    }

    @Test
    void itIsItsOwnChannelThatAnEditMayName() {
        bot.patch(message, Map.of("channel", Talk.channel(bot))).expectFields("channel: own_channel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"content", "contentParts", "isHidden", "channel"})
    void nothingOfAMessageIsCleared(String field) {
        bot.patch(message, with(Map.of(), field, null)).expectFields(field + ": required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_id", "sentBy", "contentType", "createdAt", "reply", "actedBy", "reactions"})
    void theRestOfAMessageStays(String field) {
        bot.patch(message, Map.of(field, "x")).expectFields(field + ": unknown_field");
        bot.patch(message + "/remove", Map.of(field, "x")).expectFields(field + ": unknown_field");
    }

    @Test
    void theRulesOfAPostAreThoseOfAnEdit() {
        bot.patch(message, Map.of("content", " ")).expectFields("content: required");
        bot.patch(message, Map.of("content", "ñ".repeat(8 * 1024) + "x")).expectFields("content: content_size");
        bot.patch(message, Map.of("contentParts", List.of(Map.of("type", "text", "content", "x"))))
                .expectFields("contentParts: only_enriched");
        bot.patch(message, "{\"content\":\"\\u0000\"}").expectFields("content: text");
    }

    @Test
    void aStaleEditIsRefused() {
        bot.with("If-Match", "\"0\"").patch(message, Map.of("content", "one")).expect(200);
        bot.with("If-Match", "\"0\"").patch(message, Map.of("content", "two")).expect(412, "stale");
        bot.with("If-Match", "\"0\"").patch(message + "/remove", Map.of()).expect(412, "stale");
        bot.with("If-Match", "W/\"1\"")
                .patch(message, Map.of("content", "three"))
                .expect(200);
    }

    @Test
    void aMessageOfNobodyIsNotThere() {
        for (String nobodys : List.of("ffffffffffffffffffffffff", "x")) {
            bot.patch(MESSAGES + "/" + nobodys, Map.of("content", "x")).expect(404, "not_found");
            bot.patch(MESSAGES + "/" + nobodys + "/remove", Map.of()).expect(404, "not_found");
        }
    }

    @Test
    void anEditSaysNothingWhereNothingMayBePosted() {
        bot.patch(message + "/remove", Map.of()).expect(200);
        String said = MESSAGES + "/" + say(bot, channel, "other words");
        company.api()
                .patch(CHANNELS + "/" + channel, Map.of("settings", Map.of("write", "none")))
                .expect(200);
        bot.patch(said, Map.of("content", "louder words")).expect(403, "read_only_channel");
        bot.patch(said, Map.of("content", "")).expect(403, "read_only_channel");
        bot.patch(message + "/remove", Map.of("isHidden", false)).expect(403, "read_only_channel");

        company.api()
                .patch(CHANNELS + "/" + channel, Map.of("isActive", false, "settings", Map.of("write", "all")))
                .expect(200);
        bot.patch(said, Map.of("content", "louder words")).expect(409, "channel_inactive");
        // to take one's words back is free
        bot.patch(said + "/remove", Map.of()).expect(200);
        company.api().patch(said, Map.of("content", "")).expect(400);
    }

    @Test
    void whatItsSenderHidAModeratorCanHideForGood() {
        Api moderator = Api.as(company.token("admin-channels-write").secret());
        bot.patch(message + "/remove", Map.of()).expect(200);

        moderator.patch(message + "/remove", Map.of()).expect(200);

        bot.patch(message + "/remove", Map.of("isHidden", false)).expect(403, "not_your_message");
        assertThat(Tenant.events(id)).containsExactly("modify");
    }

    private JsonNode page() {
        return bot.get(CHANNELS + "/" + channel + "/messages")
                .expect(200)
                .data()
                .path("messages");
    }
}
