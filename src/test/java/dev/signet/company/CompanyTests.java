package dev.signet.company;

import static dev.signet.Tenant.with;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.RowLock;
import dev.signet.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One's own company: its name, and what it asks of its API tokens. */
class CompanyTests {

    private static final String PATH = "/api/v2/company";

    private final Tenant company = Tenant.create();

    @Test
    void whoeverIsSignedInReadsTheirOwnCompany() {
        Answer own = Api.as(company.token("messages-read").secret()).get(PATH).expect(200);

        assertThat(own.header("ETag")).isEqualTo("\"0\"");
        assertThat(own.data().propertyNames())
                .containsExactlyInAnyOrder(
                        "_id",
                        "displayName",
                        "maxLifetimeDays",
                        "defaultLifetimeDays",
                        "requireAllowedIps",
                        "createdAt",
                        "modifiedAt");
        assertThat(own.data("_id")).isEqualTo(company.id());
        assertThat(own.data("displayName")).isEqualTo("Company of " + company.email());
        assertThat(own.data().path("maxLifetimeDays").isNull()).isTrue();
        assertThat(own.data().path("defaultLifetimeDays").isNull()).isTrue();
        assertThat(own.data().path("requireAllowedIps")).hasToString("false");
    }

    @Test
    void anEditIsReadBackLoggedAndSeenByEverybodyOfTheCompany() {
        Answer edited = company.api()
                .patch(PATH, Map.of("displayName", " Signo  ", "maxLifetimeDays", 365, "requireAllowedIps", true))
                .expect(200);

        assertThat(edited.header("ETag")).isEqualTo("\"1\"");
        assertThat(edited.data("displayName")).isEqualTo("Signo");
        assertThat(company.api().get(PATH).data()).isEqualTo(edited.data());
        assertThat(company.api().get("/api/v2/users/me").data().path("company"))
                .hasToString("{\"_id\":\"%s\",\"displayName\":\"Signo\"}".formatted(company.id()));
        assertThat(Node.sql("select changes from audit_logs where item = ? and model = 'Company' and event = 'modify'")
                        .param(company.id())
                        .query(String.class)
                        .single())
                .contains("/displayName", "/maxLifetimeDays", "/requireAllowedIps")
                .doesNotContain("/defaultLifetimeDays", "/modifiedAt");
    }

    @Test
    void thePolicyIsWhatTheCompanySaysNow() {
        CompanyService companies = Node.other().bean(CompanyService.class);
        assertThat(companies.policy(company.id())).isEqualTo(new TokenPolicy(null, null, false));

        Map<String, Object> policy =
                Map.of("maxLifetimeDays", 3650, "defaultLifetimeDays", 1, "requireAllowedIps", true);
        company.api().patch(PATH, policy).expect(200);

        assertThat(companies.policy(company.id())).isEqualTo(new TokenPolicy(3650, 1, true));
    }

    @Test
    void nullTakesThePolicyBack() {
        Map<String, Object> policy =
                Map.of("maxLifetimeDays", 90, "defaultLifetimeDays", 90, "requireAllowedIps", true);
        Answer before = company.api().patch(PATH, policy).expect(200);
        Map<String, Object> nothing = new HashMap<>();
        policy.keySet().forEach(field -> nothing.put(field, null));

        Answer after = company.api().patch(PATH, nothing).expect(200);

        assertThat(after.data().path("maxLifetimeDays").isNull()).isTrue();
        assertThat(after.data().path("defaultLifetimeDays").isNull()).isTrue();
        assertThat(after.data().path("requireAllowedIps")).hasToString("false");
        assertThat(after.data("displayName")).isEqualTo(before.data("displayName"));
    }

    @ParameterizedTest
    @CsvSource({
        "maxLifetimeDays, 0, min",
        "maxLifetimeDays, 3651, max",
        "maxLifetimeDays, 1.5, type",
        "maxLifetimeDays, \"90\", type",
        "defaultLifetimeDays, -1, min",
        "defaultLifetimeDays, 3651, max",
        "requireAllowedIps, 1, type",
        "displayName, null, required",
        "displayName, \"\", required",
        "displayName, \"pay\u200bpal\", name",
        "_id, 1, unknown_field",
        "modifiedAt, null, unknown_field",
    })
    void aValueThatCannotBeIsRefusedAtItsField(String field, String value, String code) {
        company.api().patch(PATH, "{\"%s\": %s}".formatted(field, value)).expectFields(field + ": " + code);
        assertThat(company.api().get(PATH).header("ETag")).isEqualTo("\"0\"");
    }

    @Test
    void nobodysTokensLiveLongerByDefaultThanTheyMay() {
        company.api()
                .patch(PATH, Map.of("maxLifetimeDays", 30, "defaultLifetimeDays", 31))
                .expectFields("defaultLifetimeDays: beyond_max");
        company.api().patch(PATH, Map.of("defaultLifetimeDays", 31)).expect(200);
        company.api().patch(PATH, Map.of("maxLifetimeDays", 30)).expectFields("defaultLifetimeDays: beyond_max");
        company.api().patch(PATH, Map.of("maxLifetimeDays", 31)).expect(200);
    }

    @Test
    void anEditThatChangesNothingLeavesVersionAndLogAlone() {
        Answer before = company.api().get(PATH);
        for (Map<String, ?> same : List.<Map<String, ?>>of(
                Map.<String, Object>of(),
                Map.<String, Object>of("displayName", before.data("displayName")),
                with(Map.of(), "requireAllowedIps", null))) {
            assertThat(company.api().patch(PATH, same).expect(200).data()).isEqualTo(before.data());
        }
        assertThat(Tenant.events(company.id())).containsExactly("create");
    }

    @Test
    void aStaleEditIsRefused() {
        Api read = company.api().with("If-Match", "\"0\"");
        read.patch(PATH, Map.of("displayName", "First")).expect(200);
        read.patch(PATH, Map.of("displayName", "Second")).expect(412, "stale");
        assertThat(company.api().get(PATH).data("displayName")).isEqualTo("First");
    }

    @Test
    void ofTwoEditsAtOnceTheSecondIsAConflict() throws Exception {
        CompletableFuture<Answer> one;
        CompletableFuture<Answer> other;
        try (RowLock lock = RowLock.on("companies", company.id())) {
            one = supplyAsync(() -> company.api().patch(PATH, Map.of("displayName", "One")));
            other = supplyAsync(() -> company.api().patch(PATH, Map.of("displayName", "Other")));
            lock.awaitWaiting(2);
        }
        assertThat(Stream.of(one, other).map(answer -> answer.join().status())).containsExactlyInAnyOrder(200, 409);
    }
}
