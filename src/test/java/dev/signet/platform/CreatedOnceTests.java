package dev.signet.platform;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.USERS;
import static dev.signet.Tenant.newPerson;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A creation that is repeated with its {@code Idempotency-Key} creates one person or role. */
class CreatedOnceTests {

    private static final String KEY = "the one request";

    private final Tenant company = Tenant.create();

    @ParameterizedTest
    @ValueSource(strings = {USERS, ROLES})
    void aRepeatedRequestGivesTheResourceAsItIsNow(String path) {
        Map<String, ?> body = body(path);
        Api api = company.api().with("Idempotency-Key", KEY);
        Answer created = api.post(path, body).expect(201);
        String resource = path + "/" + created.data("_id");
        Answer edited = company.api().patch(resource, change(path)).expect(200);

        Answer repeated = api.post(path, body).expect(200);
        assertThat(repeated.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(repeated.header("ETag")).isEqualTo(edited.header("ETag"));
        assertThat(repeated.data()).isEqualTo(edited.data());
        assertThat(Tenant.events(created.data("_id"))).containsExactly("create", "modify");
        // a default that is written out, and a repetition in a list, ask for the same
        api.post(path, with(body, defaultField(path), defaultValue(path))).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {USERS, ROLES})
    void aKeyStandsForOneRequestOfOneSender(String path) {
        Map<String, ?> body = body(path);
        String first = company.api()
                .with("Idempotency-Key", KEY)
                .post(path, body)
                .expect(201)
                .data("_id");
        company.api().with("Idempotency-Key", KEY).post(path, body(path)).expect(422, "key_reused");
        company.api()
                .with("Idempotency-Key", "")
                .post(path, body(path))
                .expectFields("Idempotency-Key: idempotency_key");

        Api other = Api.as(company.token("*").secret()).with("Idempotency-Key", KEY);
        assertThat(other.post(path, body(path)).expect(201).data("_id")).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {USERS, ROLES})
    void manyAtTheSameMomentCreateOne(String path) throws Exception {
        Map<String, ?> body = body(path);
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                Node node = i % 2 == 0 ? Node.one() : Node.other();
                answers.add(callers.submit(() -> Api.at(node, company.bearer())
                        .with("Idempotency-Key", KEY)
                        .post(path, body)));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Future<Answer> answer : answers) {
            statuses.add(answer.get().status());
            ids.add(answer.get().data("_id"));
        }
        assertThat(statuses).containsOnly(200, 201).containsOnlyOnce(201);
        assertThat(ids).containsOnly(ids.getFirst());
    }

    private Map<String, ?> body(String path) {
        return path.equals(USERS)
                ? newPerson(company.role("messages-read"))
                : Map.of("name", "Role " + System.nanoTime(), "permissions", List.of("messages-read"));
    }

    private static Map<String, ?> change(String path) {
        return path.equals(USERS) ? Map.of("jobTitle", "Analyst") : Map.of("description", "reads");
    }

    private static String defaultField(String path) {
        return path.equals(USERS) ? "jobTitle" : "active";
    }

    private static Object defaultValue(String path) {
        return path.equals(USERS) ? "" : true;
    }
}
