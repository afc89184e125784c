package dev.signet.token;

import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.newToken;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Wire;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A request that names itself by an Idempotency-Key makes one token, however often it is sent. */
class MadeOnceTests {

    private final Tenant company = Tenant.create();
    private final Map<String, Object> wanted = newToken(company.role("messages-read"));
    private final Api api = company.api().with("Idempotency-Key", "an order of ours: 7/2026");

    @Test
    void aRepeatedRequestGivesTheTokenThatWasMadeAndNeverTheSecretAgain() {
        Answer made = api.post(TOKENS, wanted).expect(201);
        assertThat(made.header("Idempotent-Replayed")).isEmpty();

        for (int i = 0; i < 3; i++) {
            Answer again = api.post(TOKENS, wanted).expect(200);
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.header("ETag")).isEqualTo("\"0\"");
            assertThat(again.data()).isEqualTo(((ObjectNode) made.data()).without("token"));
        }
        assertThat(tokens()).hasSize(1);
    }

    @Test
    void theOrderOfTheFieldsAndDefaultsThatAreWrittenOutAreTheSameBody() {
        api.post(TOKENS, wanted).expect(201);
        Map<String, Object> reversed = new java.util.TreeMap<>(java.util.Comparator.reverseOrder());
        reversed.putAll(wanted);
        api.post(TOKENS, with(reversed, "description", null)).expect(200);
        Map<String, Object> defaults = Map.of(
                "description", "",
                "isActive", true,
                "allowedIps", List.of(),
                "impersonates", List.of(),
                "channels", List.of());
        defaults.forEach(
                (field, value) -> api.post(TOKENS, with(wanted, field, value)).expect(200));
        api.post(TOKENS, with(wanted, "isActive", false)).expect(422, "key_reused");
    }

    @Test
    void anEndThatThePolicySetIsNoOtherBodyWhateverThePolicySaysByThen() {
        company.api()
                .patch("/api/v2/company", Map.of("defaultLifetimeDays", 30))
                .expect(200);
        Answer made = api.post(TOKENS, wanted).expect(201);
        company.api()
                .patch("/api/v2/company", Map.of("defaultLifetimeDays", 60, "requireAllowedIps", true))
                .expect(200);

        Map<String, ?> writtenOut = with(
                with(with(with(wanted, "expiresAt", null), "isActive", true), "allowedIps", List.of()),
                "impersonates",
                List.of());
        for (Map<String, ?> same : List.of(wanted, writtenOut, with(wanted, "channels", List.of()))) {
            Answer again = api.post(TOKENS, same).expect(200);
            assertThat(again.data("_id")).isEqualTo(made.data("_id"));
            assertThat(again.data("expiresAt")).isEqualTo(made.data("expiresAt"));
        }
        api.post(TOKENS, with(wanted, "isActive", false)).expect(422, "key_reused");
    }

    @Test
    void theSameKeyForAnotherBodyIsRefused() {
        api.post(TOKENS, wanted).expect(201);
        api.post(TOKENS, with(wanted, "name", "Another")).expect(422, "key_reused");
        assertThat(tokens()).hasSize(1);
    }

    @Test
    void whatWasRefusedMayBeMendedUnderTheSameKey() {
        api.post(TOKENS, with(wanted, "name", "")).expect(400);
        api.post(TOKENS, with(wanted, "accessRoles", List.of("x"))).expect(400);
        api.post(TOKENS, wanted).expect(201);
    }

    @Test
    void aKeyIsItsSendersOwn() {
        String maker = company.token("*").secret();
        api.post(TOKENS, wanted).expect(201);
        Api.as(maker)
                .with("Idempotency-Key", "an order of ours: 7/2026")
                .post(TOKENS, newToken(company.role("messages-read")))
                .expect(201);
        Tenant elsewhere = Tenant.create();
        elsewhere
                .api()
                .with("Idempotency-Key", "an order of ours: 7/2026")
                .post(TOKENS, newToken(elsewhere.role("messages-read")))
                .expect(201);
    }

    @Test
    void thirtyAtTheSameMomentMakeOneToken() throws Exception {
        List<Future<Answer>> sent = new ArrayList<>();
        try (ExecutorService many = Executors.newFixedThreadPool(30)) {
            for (int i = 0; i < 30; i++) {
                Node node = i % 2 == 0 ? Node.one() : Node.other();
                sent.add(many.submit(() -> Api.at(node, company.bearer())
                        .with("Idempotency-Key", "at once")
                        .post(TOKENS, wanted)));
            }
        }
        int made = 0;
        for (Future<Answer> answer : sent) {
            // a pool that is full says so, and the client repeats
            assertThat(answer.get().status()).as(answer.get().text()).isIn(200, 201, 503);
            made += answer.get().status() == 201 ? 1 : 0;
        }
        assertThat(made).isEqualTo(1);
        assertThat(tokens()).hasSize(1);
    }

    @Test
    void aLostAnswerLeavesOneToken() throws Exception {
        String body = JsonMapper.shared().writeValueAsString(wanted);
        Wire request = Wire.request("POST", TOKENS)
                .bearer(company.bearer())
                .header("Idempotency-Key", "an order of ours: 7/2026")
                .json(body);
        try (Socket cut = Wire.open(Node.one())) {
            cut.getOutputStream().write(request.bytes(Node.one()));
            await().until(() -> tokens().size() == 1);
            cut.setSoLinger(true, 0);
        }
        assertThat(api.post(TOKENS, wanted).expect(200).header("Idempotent-Replayed"))
                .isEqualTo("true");
        assertThat(tokens()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129, 5_000})
    void aKeyHasOneToAHundredAndTwentyEightPrintableCharacters(int length) {
        company.api()
                .with("Idempotency-Key", "k".repeat(length))
                .post(TOKENS, wanted)
                .expectFields("Idempotency-Key: idempotency_key");
        String odd = new String("ключ".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(Wire.request("POST", TOKENS)
                        .bearer(company.bearer())
                        .header("Idempotency-Key", odd)
                        .json("{}")
                        .to(Node.one())
                        .status())
                .isEqualTo(400);
        company.api()
                .with("Idempotency-Key", "k".repeat(128))
                .post(TOKENS, wanted)
                .expect(201);
    }

    private List<String> tokens() {
        return Tables.texts("select id from api_tokens where company_id = ?", company.id());
    }
}
