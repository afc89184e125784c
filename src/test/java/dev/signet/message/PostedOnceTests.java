package dev.signet.message;

import static dev.signet.Talk.MESSAGES;
import static dev.signet.Talk.message;
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
import dev.signet.Wire;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A request that names itself by an Idempotency-Key posts one message, however often it is sent. */
class PostedOnceTests {

    private static final String KEY = "Idempotency-Key";

    private final Tenant company = Tenant.create();
    private final Token token = Talk.talker(company, "messages-impersonate");
    private final Token person = Talk.talker(company);
    private final String channel = Talk.channel(company.api(), token.user(), person.user());
    private final Api bot = Api.as(token.secret()).with(KEY, "order 7/2026");
    private final Map<String, Object> wanted = message(channel, "once");

    @Test
    void aRepeatedRequestGivesTheMessageThatWasMade() {
        Answer made = bot.post(MESSAGES, wanted).expect(201);
        assertThat(made.header("Idempotent-Replayed")).isEmpty();
        Answer again = bot.post(MESSAGES, wanted).expect(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.data()).isEqualTo(made.data());
        assertThat(posted()).isOne();
    }

    @Test
    void defaultsThatAreWrittenOutAreTheSameBody() {
        bot.post(MESSAGES, without(wanted, "isSaved")).expect(201);
        Map<String, Object> explicit =
                Map.of("reply", List.of(), "contentParts", List.of(), "isSaved", 2, "sentBy", token.user());
        explicit.forEach((field, value) -> bot.post(MESSAGES, with(without(wanted, "isSaved"), field, value))
                .expect(200));
        Map<String, Object> all = new LinkedHashMap<>(wanted);
        all.putAll(explicit);
        bot.post(MESSAGES, all).expect(200);
        for (String field : List.of("reply", "contentParts", "sentBy")) {
            bot.post(MESSAGES, with(wanted, field, null)).expect(200);
        }
        assertThat(posted()).isOne();
    }

    /** What nodes of an earlier version have stored, before which defaults were no part of the digest either. */
    @Test
    void theDigestOfABodyWithoutItsDefaultsStaysTheSame() throws Exception {
        bot.post(MESSAGES, wanted).expect(201);
        String body = "{\"channel\":\"%s\",\"content\":\"once\",\"contentType\":\"text/plain\"}".formatted(channel);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
        assertThat(Tables.texts("select encode(request_digest, 'hex') from messages where channel_id = ?", channel))
                .containsExactly(HexFormat.of().formatHex(digest));
    }

    @Test
    void theSameKeyForAnotherBodyIsRefused() {
        bot.post(MESSAGES, wanted).expect(201);
        bot.post(MESSAGES, message(channel, "twice")).expect(422, "key_reused");
        bot.post(MESSAGES, message(Talk.channel(company.api(), token.user()), "once"))
                .expect(422, "key_reused");
        company.edit(token, Map.of("impersonates", List.of(person.user())));
        bot.post(MESSAGES, message(channel, "once", person.user())).expect(422, "key_reused");
        assertThat(posted()).isOne();
    }

    @Test
    void aKeyIsOfWhoSendsTheRequestForWhomeverThatIs() {
        Token second = Talk.talker(company, "messages-impersonate");
        for (Token each : List.of(token, second)) {
            company.edit(each, Map.of("impersonates", List.of(person.user())));
            Api api = Api.as(each.secret()).with(KEY, "1");
            api.post(MESSAGES, message(channel, "for them", person.user())).expect(201);
            api.post(MESSAGES, message(channel, "for them", person.user())).expect(200);
        }
        Api.as(person.secret())
                .with(KEY, "1")
                .post(MESSAGES, message(channel, "for them", person.user()))
                .expect(201);
        assertThat(posted()).isEqualTo(3);
    }

    @Test
    void whatWasRefusedMayBeMendedUnderTheSameKey() {
        bot.post(MESSAGES, message(channel, " ")).expect(400);
        bot.post(MESSAGES, with(wanted, "reply", List.of("x"))).expect(400);
        bot.post(MESSAGES, message(Talk.channel(company.api()), "once")).expect(403);
        bot.post(MESSAGES, wanted).expect(201);
    }

    @Test
    void aRepetitionNeedsTheRightToPostToo() {
        bot.post(MESSAGES, wanted).expect(201);
        company.edit(token, Map.of("accessRoles", List.of(company.role("messages-read"))));
        bot.post(MESSAGES, wanted).expectMissing("messages-write");
    }

    @Test
    void ofAHundredAtTheSameMomentOneIsMade() throws Exception {
        List<Future<Answer>> sent = new ArrayList<>();
        try (ExecutorService many = Executors.newFixedThreadPool(100)) {
            for (int i = 0; i < 100; i++) {
                Api api = Api.at(i % 2 == 0 ? Node.one() : Node.other(), token.secret())
                        .with(KEY, "at once");
                sent.add(many.submit(() -> api.post(MESSAGES, wanted)));
            }
        }
        int made = 0;
        for (Future<Answer> answer : sent) {
            // a pool that is full says so, and the client repeats
            assertThat(answer.get().status()).as(answer.get().text()).isIn(200, 201, 503);
            if (answer.get().status() == 503) {
                assertThat(answer.get().header("Retry-After")).matches("\\d+");
            }
            made += answer.get().status() == 201 ? 1 : 0;
        }
        assertThat(made).isOne();
        assertThat(posted()).isOne();
        assertThat(Tables.texts("select number from channel_heads where channel_id = ?", channel))
                .as("no number is lost")
                .containsExactly("1");
    }

    @Test
    void oneKeyForTwoChannelsAtTheSameMomentMakesOneMessage() throws Exception {
        String other = Talk.channel(company.api(), token.user());
        List<Future<Answer>> sent = new ArrayList<>();
        try (ExecutorService many = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                Map<String, Object> body = message(i % 2 == 0 ? channel : other, "either");
                sent.add(many.submit(() -> bot.post(MESSAGES, body)));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Answer> answer : sent) {
            statuses.add(answer.get().status());
        }
        assertThat(statuses).containsOnlyOnce(201).containsOnly(200, 201, 422);
        assertThat(statuses.stream().filter(status -> status == 422)).hasSize(4);
    }

    @Test
    void aLostAnswerLeavesOneMessage() throws Exception {
        Wire request = Wire.request("POST", MESSAGES)
                .bearer(token.secret())
                .header(KEY, "order 7/2026")
                .json(JsonMapper.shared().writeValueAsString(wanted));
        for (int i = 0; i < 3; i++) {
            try (Socket cut = Wire.open(Node.one())) {
                cut.getOutputStream().write(request.bytes(Node.one()));
                cut.setSoLinger(true, 0);
            }
        }
        assertThat(bot.post(MESSAGES, wanted).status()).isIn(200, 201);
        assertThat(posted()).isOne();
    }

    @Test
    void aKeyHasOneToAHundredAndTwentyEightPrintableCharacters() {
        Api plain = Api.as(token.secret());
        plain.with(KEY, "").post(MESSAGES, wanted).expectFields(KEY + ": idempotency_key");
        plain.with(KEY, "k".repeat(129)).post(MESSAGES, wanted).expectFields(KEY + ": idempotency_key");
        plain.with(KEY, "k".repeat(128)).post(MESSAGES, wanted).expect(201);
    }

    @Test
    void aRepetitionTellsNothingToWhoHasLeft() {
        bot.post(MESSAGES, wanted).expect(201);
        company.api()
                .delete(Talk.CHANNELS + "/" + channel + "/users/" + token.user())
                .expect(200);
        bot.post(MESSAGES, wanted).expect(403, "not_a_member");
    }

    private long posted() {
        return Tables.texts("select id from messages where channel_id = ?", channel)
                .size();
    }
}
