package dev.signet.audit;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Statements;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.platform.Rows;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who did what, through which token, and what it changed from what to what. */
class AuditLogTests {

    private static final JsonMapper JSON = new JsonMapper();

    private record Row(
            String event, String actor, String token, String traceId, JsonNode changes, Instant minute, int count) {}

    private final Tenant company = Tenant.create();

    @Test
    void aChangeIsWrittenWithWhatItChangedAndWho() {
        Token token = company.token("messages-read");
        String admin = company.api().get("/api/v2/users/me").data("_id");
        company.edit(token, Map.of("name", "Renamed", "description", "new"));
        company.edit(token, Map.of("isActive", false));
        company.edit(token, Map.of("isActive", true));
        company.revoke(token);

        List<Row> rows = rows("item = ?", token.id());

        assertThat(rows).extracting(Row::event).containsExactly("create", "modify", "disable", "enable", "revoke");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.actor()).isEqualTo(admin);
            assertThat(row.token()).isNull();
            assertThat(row.traceId()).matches("[0-9a-f]{32}");
        });
        JsonNode edit = rows.get(1).changes();
        assertThat(edit.propertyNames()).containsExactlyInAnyOrder("/name", "/description");
        assertThat(edit.at("/~1name/changedTo").asString()).isEqualTo("Renamed");
        assertThat(edit.at("/~1description/previous").isNull()).isTrue();
        assertThat(rows.get(2).changes().at("/~1isActive/changedTo").asBoolean())
                .isFalse();
    }

    @Test
    void whatATokenDoesIsWrittenWithTheToken() {
        Token maker = company.token("admin-accesscontrol-write", "messages-read");
        Answer role = Api.as(maker.secret())
                .post(ROLES, Map.of("name", "Made by a bot", "permissions", List.of("messages-read")));

        assertThat(rows("item = ?", role.expect(201).data("_id")))
                .extracting(Row::actor, Row::token)
                .containsExactly(tuple(maker.user(), maker.id()));
    }

    @Test
    void aRefusalIsWrittenWithWhatWasMissingAndRepeatedOnesAreCounted() {
        Token token = company.token("messages-read");
        Answer refused = Api.as(token.secret()).get(TOKENS);
        refused.expectMissing("admin-apitokens-read");
        Api.as(token.secret()).get(TOKENS).expect(403);
        Api.as(token.secret()).get(TOKENS).expect(403);

        List<Row> rows = rows("event = 'deny' and token = ?", token.id());

        // a minute may have turned in between
        assertThat(rows.size()).isBetween(1, 2);
        assertThat(rows.stream().mapToInt(Row::count).sum()).isEqualTo(3);
        assertThat(rows.getFirst().traceId())
                .isEqualTo(refused.body().path("traceId").asString());
        assertThat(rows.getFirst().changes()).hasToString("{\"requiredPermissions\":[\"admin-apitokens-read\"]}");
    }

    @Test
    void handingOutWhatOneDoesNotHoldIsWrittenToo() {
        Token maker = company.token("admin-accesscontrol-write");
        Api.as(maker.secret())
                .post(ROLES, Map.of("name", "Too much", "permissions", List.of("*")))
                .expectMissing("*");

        assertThat(rows("event = 'deny' and token = ?", maker.id())).hasSize(1);
    }

    @Test
    void aRefusalIsWrittenHoweverMuchWasMissing() {
        Token maker = company.token("admin-accesscontrol-write");
        // random, so that nothing makes them shorter: longer than an index can hold
        List<String> permissions = new Random(1)
                .ints(100, 1_000_000, 9_999_999)
                .mapToObj(part -> "custom-" + part + "-" + Integer.toHexString(part * 31) + "x".repeat(80))
                .toList();
        Answer refused = Api.as(maker.secret()).post(ROLES, Map.of("name", "Too much", "permissions", permissions));
        refused.expect(403, "insufficient_scope");

        // the challenge names them where it has the room
        assertThat(refused.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"signet\", error=\"insufficient_scope\"");
        assertThat(rows("event = 'deny' and token = ?", maker.id()))
                .extracting(row -> row.changes().path("requiredPermissions").size())
                .containsExactly(100);
    }

    @Test
    void differentReasonsOfOneMinuteAreRowsOfTheirOwn() {
        Token maker = company.token("admin-accesscontrol-write");
        refuse(Node.one(), maker, "messages-read");
        refuse(Node.one(), maker, "*");

        assertThat(rows("event = 'deny' and token = ?", maker.id()))
                .extracting(row -> row.changes().at("/requiredPermissions/0").asString())
                .containsExactlyInAnyOrder("messages-read", "*");
    }

    @Test
    void afterTwentyReasonsOfAMinuteAllOthersShareARow() {
        Token maker = company.token("admin-accesscontrol-write");
        for (int i = 0; i < 300; i++) {
            refuse(Node.one(), maker, "custom-" + i);
        }

        Node.one().bean(Refusals.class).writeAll();
        List<Row> rows = rows("event = 'deny' and token = ?", maker.id());
        assertThat(rows.stream().mapToInt(Row::count).sum()).isEqualTo(300);
        assertBounded(rows);
        // a reason that has its row keeps it, however many came after
        assertThat(rows.getFirst().changes()).hasToString("{\"requiredPermissions\":[\"custom-0\"]}");
        assertThat(rows("count > 100 and token = ?", maker.id()))
                .allSatisfy(row -> assertThat(row.changes()).hasToString("{\"code\":\"other\"}"));
        assertThat(Node.sql("select count(*) from audit_refusal_traces r join audit_logs l on l.id = r.log_id"
                                + " where l.token = ?")
                        .param(maker.id())
                        .query(Integer.class)
                        .single())
                .isLessThanOrEqualTo(2 * 19);
    }

    @Test
    void aKnownReasonIsCountedInItsRowAfterManyOthers() {
        Token maker = company.token("admin-accesscontrol-write");
        // twice as many as have rows of their own, so that one of two minutes has more than those
        for (int i = 0; i < 50; i++) {
            refuse(Node.one(), maker, "custom-" + i);
            refuse(Node.one(), maker, "messages-read");
        }
        Node.one().bean(Refusals.class).writeAll();
        List<Row> rows = rows("event = 'deny' and token = ?", maker.id());
        assertBounded(rows);
        assertThat(rows.stream()
                        .filter(row -> row.changes().toString().contains("messages-read"))
                        .mapToInt(Row::count)
                        .sum())
                .isEqualTo(50);
    }

    @Test
    void reasonsOnTwoNodesAtOnceAreBoundedAndCountedExactly() throws Exception {
        Token maker = company.token("admin-accesscontrol-write");
        AtomicInteger next = new AtomicInteger();
        List<Callable<Void>> callers = IntStream.range(0, 16)
                .mapToObj(caller -> (Callable<Void>) () -> {
                    for (int i = 0; i < 5; i++) {
                        refuse(caller % 2 == 0 ? Node.one() : Node.other(), maker, "custom-" + next.incrementAndGet());
                    }
                    return null;
                })
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(callers.size())) {
            for (Future<Void> refused : threads.invokeAll(callers)) {
                refused.get();
            }
        }
        List<Row> rows = rows("event = 'deny' and token = ?", maker.id());
        assertThat(rows.stream().mapToInt(Row::count).sum()).isEqualTo(80);
        assertBounded(rows);
    }

    @Test
    void aUserWhoDidNotBecomeACallerIsRefusedInTheLogToo() {
        Token token = company.token("messages-read");
        AuditLog log = Node.one().bean(AuditLog.class);
        for (int i = 0; i < 3; i++) {
            log.refused(company.id(), token.user(), token.id(), "203.0.113.7", "GET /api/v2/users/me", "token_expired");
        }
        List<Row> rows = rows("event = 'deny' and company_id = ?", company.id());
        // a minute may have turned in between
        assertThat(rows.size()).isBetween(1, 2);
        assertThat(rows.stream().mapToInt(Row::count).sum()).isEqualTo(3);
        assertThat(rows.getFirst().actor()).isEqualTo(token.user());
        assertThat(rows.getFirst().token()).isEqualTo(token.id());
        assertThat(rows.getFirst().changes()).hasToString("{\"code\":\"token_expired\"}");
    }

    @Test
    void aFloodOfRefusalsIsOneRowWithTheirNumberAndFewStatements() {
        Token revoked = company.token("messages-read");
        company.revoke(revoked);
        Token limited = company.token("messages-read");
        try (Node node = Node.apart(List.of(), Statements.class)) {
            Statements statements = node.bean(Statements.class);
            for (int i = 0; i < 200; i++) {
                Api.at(node, revoked.secret()).get("/api/v2/users/me").expect(401, "token_revoked");
                Api.at(node, limited.secret()).get(TOKENS).expect(403);
                node.bean(AuditLog.class).signInFailed(company.id(), limited.user(), "203.0.113." + i);
            }
            node.bean(Refusals.class).writeAll();

            // the first twenty of each of the three and their sum; a minute may have turned in between
            assertThat(statements.take())
                    .filteredOn(sql -> sql.contains("into audit_logs"))
                    .hasSizeBetween(3 * 21, 2 * 3 * 21);
        }
        for (String counted : List.of(
                "event = 'deny' and token = '" + revoked.id() + "'",
                "event = 'deny' and token = '" + limited.id() + "'",
                "event = 'signin-failed' and actor = '" + limited.user() + "'")) {
            List<Row> rows = rows(counted + " and company_id = ?", company.id());
            assertThat(rows.size()).as(counted).isBetween(1, 2);
            assertThat(rows.stream().mapToInt(Row::count).sum()).as(counted).isEqualTo(200);
        }
    }

    @Test
    void aStopLosesNoRefusal() {
        Token revoked = company.token("messages-read");
        company.revoke(revoked);
        try (Node node = Node.apart(List.of())) {
            for (int i = 0; i < 50; i++) {
                Api.at(node, revoked.secret()).get("/api/v2/users/me").expect(401);
            }
        }
        assertThat(rows("event = 'deny' and token = ?", revoked.id()).stream()
                        .mapToInt(Row::count)
                        .sum())
                .isEqualTo(50);
    }

    @Test
    void onlyMinutesThatAreOverAreTaken() {
        RefusalCounts counts = new RefusalCounts();
        Entry entry = new Entry(null, Event.DENY, "Route", null, "actor", null, "203.0.113.7", "{}");
        Instant minute = Instant.parse("2026-01-15T10:00:00Z");
        for (int i = 0; i < 25; i++) {
            for (Instant at : List.of(minute.plusSeconds(59), minute.plusSeconds(60))) {
                assertThat(counts.isFirst(new Refusal(entry, "GET /", at, "none", 1)))
                        .isEqualTo(i < 20);
            }
        }
        assertThat(counts.takeBefore(minute)).isEmpty();
        assertThat(counts.takeBefore(minute.plusSeconds(60)))
                .extracting(Refusal::minute, Refusal::count)
                .containsExactly(tuple(minute, 5));
        assertThat(counts.takeBefore(Instant.MAX))
                .extracting(Refusal::minute, Refusal::count)
                .containsExactly(tuple(minute.plusSeconds(60), 5));
    }

    @Test
    void ofALongListOnlyTheDifferenceIsWritten() {
        List<String> many = IntStream.range(0, 40).mapToObj(i -> "custom-" + i).toList();
        String role = company.role(many.toArray(String[]::new));
        List<String> edited = new ArrayList<>(many);
        edited.set(7, "custom-new");
        company.api().patch(ROLES + "/" + role, Map.of("permissions", edited)).expect(200);

        assertThat(permissions(role))
                .hasToString("{\"previous\":[\"custom-7\"],\"changedTo\":[\"custom-new\"],\"unchanged\":39}");
    }

    @Test
    void aListWithLittleInCommonOrInAnotherOrderIsWrittenWhole() {
        List<String> many = IntStream.range(0, 12).mapToObj(i -> "custom-" + i).toList();
        String reordered = company.role(many.toArray(String[]::new));
        company.api()
                .patch(ROLES + "/" + reordered, Map.of("permissions", many.reversed()))
                .expect(200);
        assertThat(permissions(reordered).path("changedTo").size()).isEqualTo(12);
        assertThat(permissions(reordered).has("unchanged")).isFalse();

        String replaced = company.role("custom-a", "custom-b");
        company.api()
                .patch(ROLES + "/" + replaced, Map.of("permissions", List.of("custom-a")))
                .expect(200);
        assertThat(permissions(replaced))
                .hasToString("{\"previous\":[\"custom-a\",\"custom-b\"],\"changedTo\":[\"custom-a\"]}");
    }

    @Test
    void signingInAndFailingToAreWritten() {
        Api.as(null)
                .post("/auth/local", Map.of("email", company.email(), "password", "wrong"))
                .expect(401);

        assertThat(rows("company_id = ? and event like 'signin%'", company.id()))
                .extracting(Row::event)
                .containsExactly("signin", "signin-failed");
    }

    /** What the log says of the last edit of a role's permissions. */
    private static JsonNode permissions(String role) {
        return rows("event = 'modify' and item = ?", role).getFirst().changes().path("/permissions");
    }

    private static void refuse(Node node, Token maker, String permission) {
        Api.at(node, maker.secret())
                .post(ROLES, Map.of("name", "Too much", "permissions", List.of(permission)))
                .expectMissing(permission);
    }

    /** In each minute at most twenty reasons, and one row for all others. */
    private static void assertBounded(List<Row> rows) {
        // a minute may have turned in between
        Map<Instant, List<Row>> minutes = rows.stream().collect(Collectors.groupingBy(Row::minute));
        assertThat(minutes.size()).isBetween(1, 2);
        assertThat(minutes.values()).allSatisfy(minute -> {
            assertThat(minute).extracting(row -> row.changes().toString()).doesNotHaveDuplicates();
            assertThat(minute.stream().filter(row -> row.changes().has("requiredPermissions")))
                    .hasSizeLessThanOrEqualTo(20);
            assertThat(minute).hasSizeLessThanOrEqualTo(21);
        });
    }

    private static List<Row> rows(String condition, String parameter) {
        return Node.sql("select * from audit_logs where " + condition + " order by at, id")
                .param(parameter)
                .query((row, number) -> new Row(
                        row.getString("event"),
                        row.getString("actor"),
                        row.getString("token"),
                        row.getString("trace_id"),
                        JSON.readTree(row.getString("changes")),
                        Rows.instant(row, "at").truncatedTo(ChronoUnit.MINUTES),
                        row.getInt("count")))
                .list();
    }
}
