package dev.signet.message;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.MESSAGES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.SilentReaders;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** However large messages are, an answer with many of them has a bound, and whoever reads it slowly keeps nobody waiting. */
class LargePageTests {

    private static final int MOST_BYTES = 1_000_000;
    private static final String PART = "{\"type\":\"task\",\"content\":\"x\",\"payload\":%s}";

    private final Tenant company = Tenant.create();
    private final Token token = Talk.talker(company);
    private final Api bot = Api.as(token.secret());
    private final String channel = Talk.channel(company.api(), token.user());
    private final String messages = CHANNELS + "/" + channel + "/messages";
    private final String modified = MESSAGES + "/channel/" + channel + "/modified/2020-01-01";

    @Test
    void aPayloadHasAtMostFourKilobytes() {
        String emptyObjects = "[" + "{},".repeat(20_000) + "{}]";
        post(PART.formatted(emptyObjects)).expectFields("contentParts[0].payload: payload_size");
        String fits = "\"" + "x".repeat(4 * 1024 - 2) + "\"";
        post(PART.formatted(fits) + "," + PART.formatted(fits)).expect(201);
        String tooLarge = "\"" + "ñ".repeat(2 * 1024) + "\"";
        post(PART.formatted(fits) + "," + PART.formatted(tooLarge))
                .expectFields("contentParts[1].payload: payload_size");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e9999", "1.50", "-0.0", "12345678901234567890123", "[1E-400,{\"a\":[]}]", "{\"é\":\"\\\"\"}"})
    void aPayloadIsReturnedAsItWasSent(String payload) {
        String id = post(PART.formatted(payload)).expect(201).data("_id");
        assertThat(bot.get(messages).expect(200).text()).contains("\"payload\":" + payload + "}");
        Answer edited = bot.patch(
                        MESSAGES + "/" + id, "{\"contentParts\":[" + PART.formatted("[" + payload + "]") + "]}")
                .expect(200);
        assertThat(edited.data().at("/contentArray/0/payload").size()).isOne();
        assertThat(bot.patch(MESSAGES + "/" + id, "{\"content\":\"y\"}")
                        .expect(200)
                        .text())
                .as("a part that was not edited")
                .contains(edited.text().replaceAll(".*\"contentArray\":(.*]),\"reply\".*", "$1"));
    }

    @Test
    void aPageEndsBeforeItHasAMegabyteAndGoesOn() {
        // each character is written as two
        fill(150, "repeat('\"', 16384)", "'[]'");
        assertThat(walk(messages + "?limit=100")).isEqualTo(numbers(150).reversed());
        assertThat(walk(modified)).isEqualTo(numbers(150));
        List<Integer> forward = walk(messages + "?limit=100&after=" + id(1));
        assertThat(forward).hasSize(149).doesNotHaveDuplicates();
    }

    @Test
    void whatWasStoredBeforePayloadsHadABoundStaysReadable() {
        fill(60, "'x'", "'[{\"type\":\"task\",\"content\":\"x\",\"payload\":[' || repeat('{},', 20000) || '{}]}]'");
        Tables.update(
                "update messages set content_parts = cast(? as json) where id = ?",
                "[" + PART.formatted("\"" + "x".repeat(1_200_000) + "\"") + "]",
                id(7));
        assertThat(walk(messages + "?limit=100", 7)).isEqualTo(numbers(60).reversed());
        assertThat(walk(modified, 7)).isEqualTo(numbers(60));
        company.api().patch(MESSAGES + "/" + id(7) + "/remove", "{}").expect(200);
    }

    @Test
    void reactionsCountToo() {
        fill(30, "'x'", "'[]'");
        Tables.update("""
                insert into message_reactions (message_id, emoji, user_id, at)
                select m.id, 'e' || n, ?, now() from messages m, generate_series(1, 3000) n where m.channel_id = ?
                """, token.user(), channel);
        assertThat(walk(modified)).isEqualTo(numbers(30));
    }

    @Test
    void thoseWhoNeverReadKeepNobodyWaiting() throws IOException {
        fill(100, "repeat('x', 16384)", "'[]'");
        Token other = Talk.talker(company);
        company.api().put(CHANNELS + "/" + channel + "/users/" + other.user()).expect(200);
        try (SilentReaders silent = SilentReaders.of(token.secret(), modified)) {
            Answer refused = silent.awaitRefusal(bot);
            refused.expect(503, "overloaded");
            assertThat(refused.header("Retry-After")).isEqualTo("5");
            List<Duration> others = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long began = System.nanoTime();
                Api.as(other.secret()).get(modified).expect(200);
                others.add(Duration.ofNanos(System.nanoTime() - began));
            }
            // the fastest one: on a busy machine a single one may have had to wait for a processor
            assertThat(Collections.min(others)).isLessThan(Duration.ofSeconds(1));
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> bot.get(modified).expect(200));
        }
    }

    private Answer post(String parts) {
        return bot.post(
                MESSAGES,
                "{\"channel\":\"%s\",\"contentType\":\"text/enriched\",\"content\":\"x\",\"contentParts\":[%s]}"
                        .formatted(channel, parts));
    }

    /** So many messages whose content and parts are those SQL expressions, each with its number as its reply. */
    private void fill(int count, String content, String parts) {
        Tables.update("""
                insert into messages (id, channel_id, number, changed, sender, content, content_type, content_parts, reply,
                                      created_at, modified_at)
                select substr(md5(? || n), 1, 24), ?, n, n, ?, %s, 'text/enriched', cast(%s as json), array[cast(n as text)],
                       timestamptz '2026-01-01 00:00:00Z', timestamptz '2026-01-01 00:00:00Z'
                from generate_series(1, ?) n
                """.formatted(content, parts), channel, channel, token.user(), count);
        Tables.update("update channel_heads set number = ? where channel_id = ?", count, channel);
    }

    private String id(int number) {
        return Tables.texts("select id from messages where channel_id = ? and number = ?", channel, number)
                .getFirst();
    }

    private static List<Integer> numbers(int count) {
        return IntStream.rangeClosed(1, count).boxed().toList();
    }

    private List<Integer> walk(String from) {
        return walk(from, 0);
    }

    /** The numbers on all pages; only that message may be alone on a larger one. */
    private List<Integer> walk(String from, int large) {
        List<Integer> read = new ArrayList<>();
        int pages = 0;
        for (String address = from; !address.isEmpty(); pages++) {
            Answer page = bot.get(address).expect(200);
            JsonNode found = page.data().isArray() ? page.data() : page.data().path("messages");
            List<Integer> numbers = found.values().stream()
                    .map(message -> Integer.parseInt(message.at("/reply/0").asString()))
                    .toList();
            if (!numbers.equals(List.of(large))) {
                assertThat(page.text().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(MOST_BYTES);
            }
            read.addAll(numbers);
            address = page.header("Link").replaceFirst("<(.*)>; rel=\"next\"", "$1");
        }
        assertThat(pages).isGreaterThan(1);
        return read;
    }
}
