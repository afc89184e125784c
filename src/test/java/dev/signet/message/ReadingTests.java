package dev.signet.message;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.MESSAGES;
import static dev.signet.Talk.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What was said is read page by page, or as what has changed since a time, without a hole and without a repeat. */
class ReadingTests {

    private static final String ABSENT = "ffffffffffffffffffffffff";

    private final Tenant company = Tenant.create();
    private final Token token = Talk.talker(company);
    private final Api bot = Api.as(token.secret());
    private final String channel = Talk.channel(company.api(), token.user());
    private final String messages = CHANNELS + "/" + channel + "/messages";
    private final String modified = MESSAGES + "/channel/" + channel + "/modified/";

    @Test
    void aPageHasTheNewestFirstAndGoesOnBeforeItsLastUntilTheFirst() {
        sayFive();
        assertThat(contents(bot.get(messages))).containsExactly("4", "3", "2", "1", "0");
        assertThat(bot.get(messages).header("Link")).isEmpty();

        assertThat(walk(messages + "?limit=2")).containsExactly("4 3", "2 1", "0");
        assertThat(walk(messages + "?limit=5")).containsExactly("4 3 2 1 0");
        assertThat(walk(messages + "?limit=4")).containsExactly("4 3 2 1", "0");
    }

    @Test
    void aPageAfterAMessageGoesOnTowardsTheNewest() {
        List<String> ids = sayFive();
        assertThat(walk(messages + "?limit=2&after=" + ids.getFirst())).containsExactly("2 1", "4 3");
        assertThat(walk(messages + "?limit=3&after=" + ids.getFirst())).containsExactly("3 2 1", "4");
        assertThat(contents(bot.get(messages + "?after=" + ids.getLast()))).isEmpty();
        assertThat(contents(bot.get(messages + "?before=" + ids.getFirst()))).isEmpty();
        assertThat(contents(bot.get(messages + "?before=" + ids.get(2) + "&after=")))
                .containsExactly("1", "0");
    }

    @Test
    void aPageIsFiftyAtMostAHundred() {
        fill(120);
        assertThat(contents(bot.get(messages))).hasSize(50);
        assertThat(contents(bot.get(messages + "?limit=1000"))).hasSize(100);
        bot.get(messages + "?limit=0").expectFields("limit: min");
        bot.get(messages + "?page=2").expectFields("page: unknown_parameter");
    }

    @Test
    void whatAPageIsAskedNextToIsAMessageOfTheChannel() {
        String first = say(bot, channel, "first");
        String elsewhere = say(bot, Talk.channel(bot), "elsewhere");
        for (String side : List.of("before", "after")) {
            for (String id : List.of(elsewhere, ABSENT, "x")) {
                bot.get(messages + "?" + side + "=" + id).expectFields(side + ": unknown_id");
            }
        }
        bot.get(messages + "?before=" + first + "&after=" + first).expectFields("after: not_both");
    }

    @Test
    void whatWasModifiedIsABareListTheOldestFirst() {
        List<String> ids = sayFive();
        Answer third =
                bot.patch(MESSAGES + "/" + ids.get(1), Map.of("content", "one")).expect(200);

        Answer all = bot.get(modified + "2020-01-01T00:00:00.000Z").expect(200);
        assertThat(all.body().propertyNames()).containsExactly("data");
        assertThat(contents(all.data())).containsExactly("0", "2", "3", "4", "one");
        assertThat(all.header("Link")).isEmpty();
        assertThat(contents(bot.get(modified + third.data("modifiedAt")).data()))
                .as("on that very millisecond too")
                .endsWith("one");
        assertThat(contents(bot.get(modified
                                + Instant.parse(third.data("modifiedAt")).plusMillis(1))
                        .data()))
                .isEmpty();
        assertThat(contents(bot.get(modified + "2020-01-01").data())).hasSize(5);
        assertThat(contents(bot.get(modified + "2020-01-01T02:00:00%2B02:00").data()))
                .hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "1700000000000", "2026-13-01", "2026-01-01T00:00", "10000-01-01", "0", "-1"})
    void whatIsNoTimeIsRefused(String time) {
        bot.get(modified + time).expectFields("iso: time");
    }

    @Test
    void thousandsInOneMillisecondAreReadToTheEndWithoutHoleOrRepeat() {
        fill(2_500);
        List<String> read = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String address = modified + "2026-01-01T00:00:00.000Z";
        while (!address.isEmpty()) {
            Answer page = bot.get(address).expect(200);
            if (sizes.isEmpty()) {
                // read already, changed while somebody reads on: it comes again, at the end
                bot.patch(MESSAGES + "/" + id(7), Map.of("content", "changed")).expect(200);
            }
            read.addAll(contents(page.data()));
            sizes.add(page.data().size());
            address = next(page);
        }
        assertThat(sizes).containsExactly(1000, 1000, 501);
        List<String> expected = new ArrayList<>(
                IntStream.rangeClosed(1, 2_500).mapToObj(Integer::toString).toList());
        expected.add("changed");
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void aChangeInTheMillisecondThatAPageEndedInIsNotMissed() {
        fill(1_001);
        Answer page = bot.get(modified + "2026-01-01T00:00:00.000Z").expect(200);
        // as if the clock had not gone on: the same millisecond, a message that the page has had
        Tables.update("update messages set content = 'late', changed = 1002 where id = ?", id(3));

        assertThat(contents(bot.get(next(page)).expect(200).data())).containsExactly("1001", "late");
    }

    /** So many messages of one millisecond, each saying its number. */
    private void fill(int count) {
        Tables.update("""
                insert into messages (id, channel_id, number, changed, sender, content, content_type, content_parts, reply,
                                      created_at, modified_at)
                select substr(md5(? || n), 1, 24), ?, n, n, ?, n, 'text/plain', '[]', '{}',
                       timestamptz '2026-01-01 00:00:00Z', timestamptz '2026-01-01 00:00:00Z'
                from generate_series(1, ?) n
                """, channel, channel, token.user(), count);
        Tables.update(
                "update channel_heads set number = ?, last_message = ? where channel_id = ?",
                count,
                id(count),
                channel);
    }

    private String id(int number) {
        return Tables.texts("select substr(md5(? || ?), 1, 24)", channel, Integer.toString(number))
                .getFirst();
    }

    private List<String> sayFive() {
        return IntStream.range(0, 5)
                .mapToObj(i -> say(bot, channel, Integer.toString(i)))
                .toList();
    }

    /** The contents of each page, from there to the last. */
    private List<String> walk(String from) {
        List<String> pages = new ArrayList<>();
        for (String address = from; !address.isEmpty(); ) {
            Answer page = bot.get(address).expect(200);
            pages.add(String.join(" ", contents(page)));
            address = next(page);
        }
        return pages;
    }

    private static String next(Answer answer) {
        return answer.header("Link").replaceFirst("<(.*)>; rel=\"next\"", "$1");
    }

    private static List<String> contents(Answer page) {
        return contents(page.expect(200).data().path("messages"));
    }

    private static List<String> contents(JsonNode messages) {
        return messages.values().stream()
                .map(message -> message.path("content").asString())
                .toList();
    }
}
