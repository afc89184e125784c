package dev.signet.message;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.MESSAGES;
import static dev.signet.Talk.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** Everybody in a channel reacts to its messages, for themselves. */
class ReactionTests {

    private final Tenant company = Tenant.create();
    private final Token token = Talk.talker(company);
    private final Api bot = Api.as(token.secret());
    private final String channel = Talk.channel(company.api(), token.user());
    private final String id = say(company.api(), channel, "what do you say");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "👍",
                "❤️",
                "❤",
                "👨‍👩‍👧‍👦",
                "👍🏽",
                "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
                "🇪🇸",
                "1️⃣",
                "#️⃣",
                "+1",
                ":tada:",
                "ñ",
                "<b>",
                "'"
            })
    void anEmojiIsKeptAsItWasSent(String emoji) {
        Answer reacted = bot.put(at(emoji)).expect(200);
        assertThat(reacted.data().path("reactions").propertyNames()).containsExactly(emoji);
        assertThat(reacted.data().path("reactions").path(emoji)).hasToString("[\"" + token.user() + "\"]");
        assertThat(bot.delete(at(emoji)).expect(200).data().path("reactions")).hasToString("{}");
    }

    @Test
    void everyReactionIsOnesOwnAndCountsOnce() {
        String admin = Talk.me(company.api());
        bot.put(at("👍")).expect(200);
        bot.put(at("👍")).expect(200);
        Answer both = company.api().put(at("👍")).expect(200);
        assertThat(both.data().path("reactions"))
                .hasToString("{\"👍\":[\"%s\",\"%s\"]}".formatted(token.user(), admin));
        bot.put(at("🎉")).expect(200);

        company.api().delete(at("🎉")).expect(200);
        Answer mine = company.api().delete(at("👍")).expect(200);
        assertThat(mine.data().path("reactions").propertyNames()).containsExactlyInAnyOrder("👍", "🎉");
        assertThat(Tables.texts("select number from message_changes where channel_id = ? order by number", channel))
                .as("a change for each that was one")
                .containsExactly("2", "3", "4", "5");
    }

    @Test
    void aReactionModifiesTheMessageAndStandsInTheWayOfNoEdit() {
        Answer reacted = bot.put(at("👍")).expect(200);
        assertThat(reacted.header("ETag")).isEqualTo("\"0\"");
        assertThat(bot.get(MESSAGES + "/channel/" + channel + "/modified/" + reacted.data("modifiedAt"))
                        .expect(200)
                        .data()
                        .at("/0/reactions/👍/0")
                        .asString())
                .isEqualTo(token.user());
        company.api()
                .with("If-Match", "\"0\"")
                .patch(MESSAGES + "/" + id, Map.of("content", "and now"))
                .expect(200);
    }

    @Test
    void onlyMembersReact() {
        Api outsider = Talk.bot(company);
        outsider.put(at("👍")).expect(403, "not_a_member");
        outsider.delete(at("👍")).expect(403, "not_a_member");
        outsider.put(at("x".repeat(33))).expect(403, "not_a_member");
        Api reader = Api.as(company.token("messages-read").secret());
        reader.put(at("👍")).expectMissing("messages-write");
    }

    @Test
    void whatIsNoEmojiIsRefused() {
        bot.put(at("x".repeat(32))).expect(200);
        for (String emoji : List.of("x".repeat(33), "a b", " ", "\u00a0", "\u2003")) {
            bot.put(at(emoji)).expectFields("emoji: emoji");
        }
        for (String bytes : List.of("%00", "%0A", "%ED%A0%80", "%FF", "%C0%80", "%7F")) {
            assertThat(Wire.request("PUT", MESSAGES + "/" + id + "/reactions/" + bytes)
                            .bearer(token.secret())
                            .to(Node.one())
                            .status())
                    .as(bytes)
                    .isEqualTo(400);
        }
    }

    @Test
    void variationSelectorsMakeNoOtherReaction() {
        Api admin = company.api();
        bot.put(at("❤\uFE0F")).expect(200);
        bot.put(at("❤")).expect(200);
        JsonNode both = admin.put(at("❤\uFE0E")).expect(200).data().path("reactions");
        assertThat(both).hasToString("{\"❤\uFE0F\":[\"%s\",\"%s\"]}".formatted(token.user(), Talk.me(admin)));
        assertThat(admin.delete(at("❤")).expect(200).data().path("reactions"))
                .hasToString("{\"❤\uFE0F\":[\"%s\"]}".formatted(token.user()));
        assertThat(bot.delete(at("❤\uFE0E")).expect(200).data().path("reactions"))
                .hasToString("{}");
        bot.put(at("👁\uFE0F\u200D🗨\uFE0F")).expect(200);
        assertThat(bot.put(at("👁\u200D🗨"))
                        .expect(200)
                        .data()
                        .path("reactions")
                        .size())
                .isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u200D",
                "\uFE0F",
                "\u200B",
                "\u3164",
                "\u2800",
                "\u034F",
                "\u202Ex",
                "x\u202E",
                "\u2066x\u2069",
                "\u200Ex",
                "\u061Cx",
                "x\u200D",
                "\u200D👍",
                "👍\u200D",
                "👍\u200B",
                "\uDB40\uDC67",
                "\uFEFF👍"
            })
    void aReactionHidesNothing(String emoji) {
        bot.put(at(emoji)).expectFields("emoji: emoji");
        bot.delete(at(emoji)).expectFields("emoji: emoji");
    }

    @Test
    void aReactionTakesNoBodyAndHeedsIfMatch() {
        bot.put(at("👍"), Map.of("emoji", "🎉")).expect(400, "invalid_request");
        bot.send(HttpMethod.DELETE, at("👍"), Map.of("all", true)).expect(400, "invalid_request");
        bot.with("If-Match", "\"7\"").put(at("👍")).expect(412, "stale");
        bot.with("If-Match", "\"0\"").put(at("👍")).expect(200);
        bot.with("If-Match", "\"7\"").delete(at("👍")).expect(412, "stale");
    }

    @Test
    void manyReactionsStillRead() {
        Tables.update("""
                insert into message_reactions select ?, 'e' || n, ?, now() from generate_series(1, 3000) n
                """, id, token.user());
        assertThat(bot.get(CHANNELS + "/" + channel + "/messages")
                        .expect(200)
                        .text()
                        .length())
                .isGreaterThan(100_000);
    }

    @Test
    void aMessageTakesFiftyDifferentReactionsAndTwentyOfOneUser() {
        for (int i = 0; i < 20; i++) {
            bot.put(at("own" + i)).expect(200);
        }
        bot.put(at("own20")).expect(409, "too_many_reactions");
        bot.put(at("own0")).expect(200);
        Tables.update(
                "insert into message_reactions select ?, 'e' || n, ?, now() from generate_series(1, 30) n",
                id,
                token.user());

        company.api().put(at("fifty-first")).expect(409, "too_many_reactions");
        company.api().put(at("own0")).expect(200);
        bot.delete(at("own0")).expect(200);
    }

    private String at(String emoji) {
        String encoded = URLEncoder.encode(emoji, StandardCharsets.UTF_8).replace("+", "%20");
        return MESSAGES + "/" + id + "/reactions/" + encoded;
    }
}
