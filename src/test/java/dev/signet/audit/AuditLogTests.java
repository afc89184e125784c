package dev.signet.audit;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who did what, through which token, and what it changed from what to what. */
class AuditLogTests {

    private static final JsonMapper JSON = new JsonMapper();

    private record Row(String event, String actor, String token, String traceId, JsonNode changes, int count) {}

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
    void differentRefusalsOfOneMinuteAreRowsOfTheirOwn() {
        Token maker = company.token("admin-accesscontrol-write");
        for (String permission : List.of("messages-read", "*")) {
            Api.as(maker.secret())
                    .post(ROLES, Map.of("name", "Too much", "permissions", List.of(permission)))
                    .expectMissing(permission);
        }
        assertThat(rows("event = 'deny' and token = ?", maker.id()))
                .extracting(row -> row.changes().at("/requiredPermissions/0").asString())
                .containsExactlyInAnyOrder("messages-read", "*");
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

    private static List<Row> rows(String condition, String parameter) {
        return Node.sql("select * from audit_logs where " + condition + " order by at, id")
                .param(parameter)
                .query((row, number) -> new Row(
                        row.getString("event"),
                        row.getString("actor"),
                        row.getString("token"),
                        row.getString("trace_id"),
                        JSON.readTree(row.getString("changes")),
                        row.getInt("count")))
                .list();
    }
}
