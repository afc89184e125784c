package dev.signet.message;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.MESSAGES;
import static dev.signet.Talk.message;
import static dev.signet.Talk.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.RowLock;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever happens in a channel at once happens in one order, and none of it is lost. */
class OrderTests {

    private static final String NUMBERS = """
            select number from messages where channel_id = ? union all
            select number from message_changes where channel_id = ? order by number
            """;

    private final Tenant company = Tenant.create();
    private final Token token = Talk.talker(company);
    private final Api bot = Api.as(token.secret());
    private final Api elsewhere = Api.at(Node.other(), token.secret());
    private final String channel = Talk.channel(company.api(), token.user());

    @Test
    void postsEditsRemovalsAndReactionsAtOnceAreAllDone() throws Exception {
        String edited = say(bot, channel, "0");
        String hidden = say(bot, channel, "now and then");
        List<Callable<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Api api = i % 2 == 0 ? bot : elsewhere;
            String word = Integer.toString(i + 1);
            boolean even = i % 4 < 2;
            calls.add(() -> api.post(MESSAGES, message(channel, word)));
            calls.add(() -> api.patch(MESSAGES + "/" + edited, Map.of("content", word)));
            calls.add(() -> api.patch(MESSAGES + "/" + hidden + "/remove", Map.of("isHidden", even)));
            Api reacting = i < 12 ? api : Api.at(api.node(), company.bearer());
            calls.add(() -> reacting.put(MESSAGES + "/" + edited + "/reactions/" + word));
        }
        List<Answer> answers = atOnce(calls);

        int edits = 0;
        int posts = 2;
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            switch (i % 4) {
                case 0 -> {
                    answer.expect(201);
                    posts++;
                }
                case 1 -> {
                    if (answer.status() == 200) {
                        edits++;
                    } else {
                        answer.expect(409, "conflict");
                    }
                }
                case 2 -> assertThat(answer.status()).as(answer.text()).isIn(200, 409);
                default -> answer.expect(200);
            }
        }
        assertThat(edits).isPositive();
        JsonNode message =
                bot.get(CHANNELS + "/" + channel + "/messages?limit=100").data().path("messages").values().stream()
                        .filter(one -> one.path("_id").asString().equals(edited))
                        .findFirst()
                        .orElseThrow();
        assertThat(message.path("reactions").size()).as("no reaction is lost").isEqualTo(24);
        assertThat(Tables.texts("select version from messages where id = ?", edited))
                .as("an edit counts once")
                .containsExactly(Integer.toString(edits));
        List<String> numbers = Tables.texts(NUMBERS, channel, channel);
        assertThat(numbers)
                .as("each number once and none left out")
                .isEqualTo(LongStream.rangeClosed(1, numbers.size())
                        .mapToObj(Long::toString)
                        .toList());
        assertThat(Tables.texts("select content from messages where channel_id = ?", channel))
                .hasSize(posts);
        assertThat(Tables.texts("""
                        select id from messages where id = (select last_message from channel_heads where channel_id = ?)
                        and number = (select max(number) from messages where channel_id = ? and not is_hidden)""", channel, channel)).as("the last message").hasSize(1);
    }

    @Test
    void aNumberIsNeverSeenBeforeALowerOneAndTimesGoWithThem() throws Exception {
        List<Callable<Answer>> posts = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            Api api = i % 2 == 0 ? bot : elsewhere;
            posts.add(() -> api.post(MESSAGES, message(channel, "in order")));
        }
        try (ExecutorService watcher = Executors.newSingleThreadExecutor()) {
            Future<Integer> watched = watcher.submit(() -> {
                int seen = 0;
                while (seen < 80) {
                    List<String> state = Tables.texts(
                            "select count(*) || ' ' || coalesce(max(number), 0) from messages where channel_id = ?",
                            channel);
                    String[] parts = state.getFirst().split(" ", -1);
                    assertThat(parts[0]).as("as many as the highest number").isEqualTo(parts[1]);
                    seen = Integer.parseInt(parts[0]);
                }
                return seen;
            });
            atOnce(posts).forEach(answer -> answer.expect(201));
            assertThat(watched.get()).isEqualTo(80);
        }
        List<String> byNumber = Tables.texts("select id from messages where channel_id = ? order by number", channel);
        assertThat(Tables.texts("select id from messages where channel_id = ? order by created_at, number", channel))
                .isEqualTo(byNumber);
    }

    @Test
    void ofTwoEditsAtTheSameMomentTheSecondIsToldSo() throws Exception {
        String id = say(bot, channel, "before");
        List<Future<Answer>> edits = new ArrayList<>();
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            try (RowLock held = RowLock.on("messages", id)) {
                edits.add(two.submit(() -> bot.patch(MESSAGES + "/" + id, Map.of("content", "one"))));
                edits.add(two.submit(() -> elsewhere.patch(MESSAGES + "/" + id, Map.of("content", "other"))));
                held.awaitWaiting(2);
            }
        }
        assertThat(List.of(
                        edits.getFirst().get().status(), edits.getLast().get().status()))
                .containsExactlyInAnyOrder(200, 409);
        assertThat(Tables.texts("select number from channel_heads where channel_id = ?", channel))
                .containsExactly("2");
    }

    @Test
    void anEditAndAReactionAtTheSameMomentAreBothDone() throws Exception {
        String id = say(bot, channel, "before");
        Future<Answer> edit;
        Future<Answer> reaction;
        Future<Answer> post;
        try (ExecutorService three = Executors.newFixedThreadPool(3)) {
            try (RowLock held = RowLock.on("messages", id)) {
                edit = three.submit(() -> bot.patch(MESSAGES + "/" + id, Map.of("content", "after")));
                held.awaitWaiting(1);
                reaction = three.submit(() -> elsewhere.put(MESSAGES + "/" + id + "/reactions/x"));
                held.awaitWaiting(2);
                post = three.submit(() -> elsewhere.post(MESSAGES, message(channel, "beside")));
                held.awaitWaiting(3);
            }
        }
        edit.get().expect(200);
        post.get().expect(201);
        Answer both = reaction.get().expect(200);
        assertThat(both.data("content")).isEqualTo("after");
        assertThat(both.header("ETag")).isEqualTo("\"1\"");
        assertThat(Tables.texts(NUMBERS, channel, channel)).containsExactly("1", "2", "3", "4");
    }

    /** Sixteen at a time, and what they were answered, in the order of the calls. */
    private static List<Answer> atOnce(List<Callable<Answer>> calls) throws Exception {
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService some = Executors.newFixedThreadPool(16)) {
            for (Future<Answer> answer : some.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }
}
