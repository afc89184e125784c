package dev.signet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.signet.Node;
import dev.signet.Output;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The log cannot be rewritten, and a change that cannot be logged does not happen. */
class AppendOnlyTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Tenant company = Tenant.create();

    @Test
    void noRowIsEverChangedOrDeleted() {
        company.token("messages-read");
        List<String> before = rows();
        assertThat(before).isNotEmpty();
        for (String sql : List.of(
                "update audit_logs set event = 'create' where company_id = ?",
                "update audit_logs set changes = '{}' where company_id = ?",
                "update audit_logs set count = count + 1 where company_id = ?",
                "update audit_logs set minute = now() where company_id = ?",
                "delete from audit_logs where company_id = ?",
                "delete from audit_logs where company_id = ? and minute is not null or true")) {
            assertThatThrownBy(() -> Tables.update(sql, company.id())).as(sql).hasMessageContaining("append-only");
        }
        for (String sql :
                List.of("truncate audit_logs", "truncate companies cascade", "delete from companies where id = ?")) {
            assertThatThrownBy(() -> Tables.update(
                            sql, (Object[]) (sql.contains("?") ? new String[] {company.id()} : new String[0])))
                    .as(sql)
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void aRefusalIsOnlyEverCountedOn() {
        Token token = company.token("messages-read");
        Wire.get("/api/v2/apitokens").bearer(token.secret()).to(Node.one());
        String mine = " where company_id = ? and event = 'deny'";
        for (int number : List.of(1, 180)) {
            assertThat(Tables.update("update audit_logs set count = count + " + number + mine, company.id()))
                    .isEqualTo(1);
        }
        for (String change : List.of(
                "count = count - 1",
                "count = 0",
                "count = count",
                "count = count + 1, actor = null",
                "count = count + 1, at = now()",
                "count = count + 1, address = 'x'",
                "count = count + 1, trace_id = 'x'",
                "count = count + 1, changes = '{}'",
                "count = count + 1, search = ''",
                "count = count + 1, minute = minute + interval '1 minute'",
                "trace_id = 'x'",
                "route = 'x'")) {
            assertThatThrownBy(() -> Tables.update("update audit_logs set " + change + mine, company.id()))
                    .as(change)
                    .hasMessageContaining("append-only");
        }
        assertThatThrownBy(() -> Tables.update("delete from audit_logs" + mine, company.id()))
                .hasMessageContaining("append-only");
    }

    @Test
    void theTraceIdsOfRefusalsAreNeitherChangedNorMoreThanTwenty() {
        Token token = company.token("messages-read");
        for (int i = 0; i < 3; i++) {
            Wire.get("/api/v2/apitokens").bearer(token.secret()).to(Node.one());
        }
        String mine = " where log_id in (select id from audit_logs where company_id = ? and event = 'deny')";
        String read = "select row_to_json(r)::text from audit_refusal_traces r" + mine + " order by 1";
        List<String> before = Tables.texts(read, company.id());
        // a minute may have turned in between
        assertThat(before.size()).isBetween(1, 2);
        for (String sql : List.of(
                "update audit_refusal_traces set trace_id = 'x'" + mine,
                "update audit_refusal_traces set number = number + 10" + mine,
                "delete from audit_refusal_traces" + mine)) {
            assertThatThrownBy(() -> Tables.update(sql, company.id())).as(sql).hasMessageContaining("append-only");
        }
        for (String sql : List.of(
                "truncate audit_refusal_traces",
                "truncate audit_logs cascade",
                "truncate audit_logs, audit_refusal_traces")) {
            assertThatThrownBy(() -> Tables.update(sql)).as(sql).hasMessageContaining("append-only");
        }
        for (int number : List.of(1, 21)) {
            assertThatThrownBy(() -> Tables.update(
                            "insert into audit_refusal_traces select log_id, ?, 'x' from audit_refusal_traces" + mine,
                            number,
                            company.id()))
                    .hasMessageContaining("check constraint");
        }
        assertThat(Tables.texts(read, company.id())).isEqualTo(before);
    }

    @Test
    void aChangeThatCannotBeLoggedDoesNotHappen() {
        Token token = company.token("messages-read");
        String access = Tenant.signIn(company.email(), Tenant.PASSWORD);
        Map<String, String> calls = new LinkedHashMap<>();
        calls.put("POST /api/v2/apitokens", JSON.writeValueAsString(Tenant.newToken(token.role())));
        calls.put("PATCH /api/v2/apitokens/" + token.id(), "{\"name\": \"Unlogged\"}");
        calls.put("POST /api/v2/apitokens/" + token.id() + "/revoke", "{}");
        calls.put("POST /api/v2/accessroles", "{\"name\": \"Unlogged\", \"permissions\": []}");
        calls.put("PATCH /api/v2/accessroles/" + token.role(), "{\"active\": false}");
        calls.put(
                "POST /auth/local",
                "{\"email\": \"%s\", \"password\": \"%s\"}".formatted(company.email(), Tenant.PASSWORD));
        calls.put(
                "PUT /api/v2/users/me/password",
                "{\"current\": \"%s\", \"next\": \"nine grey geese at dawn\"}".formatted(Tenant.PASSWORD));
        calls.put("POST /auth/logout", "{\"everywhere\": true}");

        String rule = "unlogged_" + company.id();
        Tables.update("alter table audit_logs add constraint " + rule + " check (company_id <> '" + company.id()
                + "') not valid");
        try (Output output = Output.at(Level.INFO)) {
            calls.forEach((call, body) -> {
                List<String> before = Tables.dump(company.id());
                Answer answer = call(call, access, body);
                assertThat(answer.status()).as(call).isEqualTo(500);
                assertThat(answer.body()).doesNotContain("audit", "constraint", "sql", "Exception");
                assertThat(Tables.dump(company.id())).as(call).isEqualTo(before);
            });
            // a refusal stays one, logged or not
            assertThat(call("GET /api/v2/apitokens", token.secret(), "").status())
                    .isEqualTo(403);
            assertThat(output.text()).contains(rule).doesNotContain("Failing row", company.email());
        } finally {
            Tables.update("alter table audit_logs drop constraint " + rule);
        }
        calls.forEach((call, body) ->
                assertThat(call(call, access, body).status()).as(call).isLessThan(300));
    }

    private static Answer call(String call, String bearer, String body) {
        String[] parts = call.split(" ", 2);
        Wire request = Wire.request(parts[0], parts[1]).bearer(bearer);
        return (body.isEmpty() ? request : request.json(body)).to(Node.one());
    }

    private List<String> rows() {
        return Tables.texts(
                "select row_to_json(l)::text from audit_logs l where company_id = ? order by id", company.id());
    }
}
