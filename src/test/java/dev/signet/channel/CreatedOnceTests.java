package dev.signet.channel;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.newChannel;
import static dev.signet.Tenant.events;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A request with an Idempotency-Key creates one channel, however often it is sent. */
class CreatedOnceTests {

    private static final String KEY = "Idempotency-Key";

    private final Tenant company = Tenant.create();
    private final Api api = company.api().with(KEY, "a channel of ours: 7/2026");
    private final Map<String, Object> wanted = newChannel();

    @Test
    void aRepeatedRequestGivesTheChannelAsItIsNow() {
        Answer made = api.post(CHANNELS, wanted).expect(201);
        assertThat(made.header("Idempotent-Replayed")).isEmpty();
        company.api()
                .patch(CHANNELS + "/" + made.data("_id"), Map.of("nameDisplay", "Renamed"))
                .expect(200);

        Answer again = api.post(CHANNELS, wanted).expect(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.header("ETag")).isEqualTo("\"1\"");
        assertThat(again.data("_id")).isEqualTo(made.data("_id"));
        assertThat(again.data("nameDisplay")).isEqualTo("Renamed");
        assertThat(events(made.data("_id"))).containsExactly("create", "modify");
        assertThat(created()).hasSize(1);
    }

    @Test
    void defaultsThatAreWrittenOutAreTheSameBody() {
        api.post(CHANNELS, wanted).expect(201);
        Map<String, Object> defaults = Map.of(
                "group",
                "",
                "userIds",
                List.of(),
                "isDirect",
                false,
                "isPrivate",
                false,
                "isActive",
                true,
                "settings",
                Map.of("write", "all", "writeUserIds", List.of()));
        defaults.forEach(
                (field, value) -> api.post(CHANNELS, with(wanted, field, value)).expect(200));
        Map<String, Object> all = new HashMap<>(wanted);
        all.putAll(defaults);
        api.post(CHANNELS, all).expect(200);
    }

    @Test
    void aDirectChannelIsPrivateByDefault() {
        Map<String, Object> direct = newChannel(Talk.talker(company).user());
        direct.put("isDirect", true);
        api.post(CHANNELS, direct).expect(201);
        api.post(CHANNELS, with(direct, "isPrivate", true)).expect(200);
    }

    @Test
    void theSameKeyForAnotherBodyIsRejected() {
        api.post(CHANNELS, wanted).expect(201);
        api.post(CHANNELS, with(wanted, "isPrivate", true)).expect(422, "key_reused");
        api.post(CHANNELS, newChannel()).expect(422, "key_reused");
        assertThat(created()).hasSize(1);
    }

    @Test
    void aKeyBelongsToItsSender() {
        api.post(CHANNELS, wanted).expect(201);
        Talk.bot(company)
                .with(KEY, "a channel of ours: 7/2026")
                .post(CHANNELS, newChannel())
                .expect(201);
    }

    @Test
    void aRejectedRequestMayBeCorrectedUnderTheSameKey() {
        api.post(CHANNELS, with(wanted, "nameDisplay", "")).expect(400);
        api.post(CHANNELS, wanted).expect(201);
        company.api().with(KEY, "").post(CHANNELS, newChannel()).expectFields(KEY + ": idempotency_key");
    }

    @Test
    void thirtyAtTheSameMomentCreateOneChannel() throws Exception {
        List<Future<Answer>> sent = new ArrayList<>();
        try (ExecutorService many = Executors.newFixedThreadPool(30)) {
            for (int i = 0; i < 30; i++) {
                Node node = i % 2 == 0 ? Node.one() : Node.other();
                sent.add(many.submit(() ->
                        Api.at(node, company.bearer()).with(KEY, "at once").post(CHANNELS, wanted)));
            }
        }
        int made = 0;
        for (Future<Answer> answer : sent) {
            assertThat(answer.get().status()).as(answer.get().text()).isIn(200, 201, 503);
            made += answer.get().status() == 201 ? 1 : 0;
        }
        assertThat(made).isOne();
        assertThat(created()).hasSize(1);
    }

    /** Without the one that every company begins with. */
    private List<String> created() {
        return Tables.texts("select id from channels where company_id = ? and name_code <> 'general'", company.id());
    }
}
