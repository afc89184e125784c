package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.signet.Node;
import dev.signet.Output;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What callers send is never part of a statement, a log line or a header. */
class InjectionTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Tenant COMPANY = Tenant.create();
    private static final Tenant OTHER = Tenant.create();
    private static final Token TOKEN = COMPANY.token("messages-read");
    private static final String CHANNEL = Talk.channel(COMPANY.api());
    private static final Token OTHERS = OTHER.token("messages-read");

    private static final List<String> STATEMENTS = List.of(
            "'",
            "''",
            "\"",
            "\\",
            "\\'",
            "%",
            "_",
            "%%%",
            "\\%",
            "' or '1'='1",
            "' or 1=1 --",
            "') or ('1'='1",
            "')) or (('1'='1",
            "\" or \"\"=\"",
            "1 or 1=1",
            "1; select pg_sleep(5)",
            "'; select pg_sleep(5) --",
            "'||(select pg_sleep(5))||'",
            "1 and 1=(select 1 from pg_sleep(5))",
            "'; drop table api_tokens; --",
            "'; update api_tokens set is_active = false; --",
            "' union select null, version(), null --",
            "' and cast((select version()) as int) = 1 --",
            "$$ or 1=1 $$",
            "(select 1)",
            "{fn now()}",
            ":company",
            ":id",
            "?",
            "?1",
            "#{1+1}",
            "${1+1}",
            "${jndi:ldap://localhost:1/x}",
            "{{1+1}}",
            "0x27",
            "\u02bc or 1=1",
            "\uff07 or 1=1",
            "*/ or 1=1 /*",
            "null",
            "name desc, (select 1)",
            "name; select 1",
            "t.company_id",
            "case when 1=1 then name else code end",
            "../../etc/passwd",
            "<script>alert(1)</script>");

    private static final List<String> ODD_VALUES = List.of(
            "-1",
            "0",
            "2147483648",
            "9223372036854775808",
            "1e9",
            "NaN",
            "0x10",
            "1,2",
            "true",
            "[]",
            "{}",
            "0000-00-00",
            "2026-02-30",
            "-999999999-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59.999999999Z",
            "-4713-01-01T00:00:00Z",
            "+294277-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "1970-01-01T00:00:00+18:00",
            "2026-11-24T24:00:00Z",
            "ffffffffffffffffffffffff",
            "FFFFFFFFFFFFFFFFFFFFFFFF",
            "x".repeat(200));

    @Test
    void noParameterOfAListFindsWhatItShouldNotOrBreaksTheStatement() {
        Tenant listed = Tenant.create();
        listed.token("messages-read");
        List<String> before = Tables.dump(listed.id());
        Map<String, List<String>> parameters = Map.of(
                "/api/v2/apitokens",
                List.of(
                        "search",
                        "sortBy",
                        "orderBy",
                        "cursor",
                        "ids",
                        "accessRole",
                        "createdBy",
                        "status",
                        "isActive"),
                "/api/v2/accessroles",
                List.of("search", "sortBy", "ids"),
                "/api/v2/auditlogs",
                List.of("search", "cursor", "ids", "event", "model", "email", "item", "traceId"),
                "/api/v2/auditlogs?",
                List.of("from", "until", "email"),
                "/api/v2/users",
                List.of("search", "sortBy", "ids", "id", "email", "accessRole", "isBot"),
                "/api/v2/channels",
                List.of("search", "sortBy", "ids", "group", "user", "cursor"),
                "/api/v2/apitokens?",
                List.of("page", "limit", "count", "created_gt", "created_lte", "modified_gte", "expiresBefore"));
        parameters.forEach((path, names) -> {
            for (String parameter : names) {
                for (String value : path.endsWith("?") ? ODD_VALUES : STATEMENTS) {
                    String query = (path.endsWith("?") ? "" : "?limit=100&") + parameter + "=" + encoded(value);
                    long began = System.nanoTime();
                    Answer answer =
                            Wire.get(path + query).bearer(listed.bearer()).to(Node.one());
                    assertThat(answer.status()).as(path + query).isIn(200, 400);
                    assertThat(answer.body())
                            .doesNotContain(OTHER.id(), OTHERS.id(), "PostgreSQL", "syntax", "org.", "select ");
                    if (parameter.equals("search") && answer.status() == 200) {
                        assertThat(answer.json()
                                        .at("/data")
                                        .values()
                                        .iterator()
                                        .next()
                                        .values())
                                .as(path + query)
                                .allMatch(found -> found.toString()
                                        .toLowerCase(Locale.ROOT)
                                        .contains(value));
                    }
                    assertThat(System.nanoTime() - began).as(query).isLessThan(4_000_000_000L);
                }
            }
        });
        assertThat(Tables.dump(listed.id())).isEqualTo(before);
    }

    @Test
    void aCursorThatSomebodyMadeFindsNothingOfOthersAndBreaksNothing() {
        List<String> cursors = new ArrayList<>();
        for (String key : STATEMENTS) {
            cursors.add("name\n" + OTHERS.id() + "\n" + key);
        }
        for (String key : ODD_VALUES) {
            cursors.add("modified\n" + OTHERS.id() + "\n" + key);
            cursors.add("modified\n" + key + "\n2026-11-24T00:00:00Z");
            cursors.add(key + "\n" + OTHERS.id() + "\n2026-11-24T00:00:00Z");
        }
        cursors.addAll(List.of("", "\n", "\n\n", "name\n" + OTHERS.id() + "\na\0b", "modified\n" + OTHERS.id() + "\n"));
        for (String cursor : cursors) {
            for (String sort : cursor.startsWith("name") ? List.of("name") : List.of("modified", "name")) {
                String text = Base64.getUrlEncoder().encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
                Answer answer = Wire.get("/api/v2/apitokens?sortBy=" + sort + "&cursor=" + text)
                        .bearer(COMPANY.bearer())
                        .to(Node.one());
                assertThat(answer.status()).as(cursor).isIn(200, 400);
                assertThat(answer.body()).doesNotContain(OTHER.id());
            }
        }
    }

    @Test
    void noFieldOfABodyBreaksTheStatement() {
        String path = "/api/v2/apitokens/" + TOKEN.id();
        for (String value : STATEMENTS) {
            Answer edited =
                    send("PATCH", path, Map.of("name", value + ".", "description", value, "userBotName", value + "."));
            assertThat(edited.status()).as(value).isIn(200, 400);
            if (edited.status() == 200) {
                assertThat(edited.json().at("/data/description").asString()).isEqualTo(value);
            }
            for (Map<String, Object> role : List.<Map<String, Object>>of(
                    Map.of("name", value, "permissions", List.of(), "description", value),
                    Map.of("name", "Role", "permissions", List.of(value)))) {
                assertThat(send("POST", "/api/v2/accessroles", role).status())
                        .as(value)
                        .isIn(201, 400);
            }
            for (Map<String, Object> channel : List.of(
                    Map.<String, Object>of("nameDisplay", value, "nameCode", "injected", "group", value),
                    Talk.newChannel(value))) {
                assertThat(send("POST", Talk.CHANNELS, channel).status())
                        .as(value)
                        .isIn(201, 400, 409);
            }
            Answer said = send("POST", Talk.MESSAGES, Talk.message(CHANNEL, value));
            assertThat(said.json().at("/data/content").asString()).isEqualTo(value);
            for (String field : List.of("channel", "sentBy", "contentType")) {
                Map<String, Object> message = Talk.message(CHANNEL, "x");
                message.put(field, value);
                assertThat(send("POST", Talk.MESSAGES, message).status())
                        .as(value)
                        .isIn(400, 403);
            }
            for (String parameter : List.of("before", "after")) {
                String query = Talk.CHANNELS + "/" + CHANNEL + "/messages?" + parameter + "=" + encoded(value);
                assertThat(Wire.get(query)
                                .bearer(COMPANY.bearer())
                                .to(Node.one())
                                .status())
                        .as(query)
                        .isEqualTo(400);
            }
            Map<String, Object> made = new HashMap<>(Tenant.newToken(value));
            made.put("code", value);
            assertThat(send("POST", "/api/v2/apitokens", made).status())
                    .as(value)
                    .isEqualTo(400);
        }
        for (Object value : Stream.concat(ODD_VALUES.stream(), Stream.of(1, 1.5, true, List.of(), Map.of()))
                .toList()) {
            assertThat(send("PATCH", path, Map.of("expiresAt", value)).status())
                    .as("ends at " + value)
                    .isIn(200, 400);
        }
    }

    @Test
    void nobodySignsInByAStatement() {
        for (String value : STATEMENTS.subList(0, 25)) {
            Answer answer = Wire.request("POST", "/auth/local")
                    .json(JSON.writeValueAsString(
                            Map.of("email", COMPANY.email() + value, "password", Tenant.PASSWORD + value)))
                    .to(Node.other());
            assertThat(answer.status()).as(value).isEqualTo(401);
        }
        // the address's attempts are shared with all tests
        Tables.update("delete from signin_throttles");
    }

    @Test
    void aLineBreakMakesNoSecondLogLineAndNoHeader() {
        String injected = "\r\nX-Injected: 1\r\n2026-11-24T00:00:00.000Z  INFO forged line";
        String query = encoded(injected);
        String path = "/api/v2/apitokens/" + TOKEN.id();
        Set<Answer> answers = new HashSet<>();
        List<String> lines;
        // nothing can be logged for this company, so that what it sends gets into the service's log
        String rule = "unlogged_" + COMPANY.id();
        Tables.update("alter table audit_logs add constraint " + rule + " check (company_id <> '" + COMPANY.id()
                + "') not valid");
        try (Output output = Output.at(Level.TRACE, "dev.signet")) {
            for (String target : List.of(
                    "/api/v2/apitokens?search=" + query + "&limit=1",
                    "/api/v2/apitokens?sortBy=" + query,
                    "/api/v2/apitokens?cursor=" + query,
                    "/api/v2/apitokens?" + query + "=1",
                    "/api/v2/apitokens/" + query,
                    "/" + query,
                    "/swagger-ui/" + query)) {
                answers.add(Wire.get(target).bearer(COMPANY.bearer()).to(Node.one()));
                answers.add(Wire.get(target).bearer(query).to(Node.one()));
            }
            for (String header : List.of("If-Match", "Accept-Language", "User-Agent", "Accept", "Origin", "Cookie")) {
                answers.add(Wire.request("PATCH", path + "?debug=" + query)
                        .bearer(COMPANY.bearer())
                        .header(header, query)
                        .json("{\"description\": \"" + header + "\"}")
                        .to(Node.one()));
            }
            for (String field : List.of("name", "description", "userBotName", "expiresAt", "isActive", injected)) {
                answers.add(send("PATCH", path, Map.of(field, injected)));
            }
            answers.add(send("POST", path + "/revoke", Map.of("reason", injected)));
            answers.add(send(
                    "POST",
                    "/api/v2/accessroles",
                    Map.of("name", "x", "description", injected, "permissions", List.of())));
            answers.add(send("POST", "/auth/local", Map.of("email", injected, "password", injected)));
            answers.add(Wire.request("POST", "/api/v2/apitokens")
                    .bearer(COMPANY.bearer())
                    .json(injected)
                    .to(Node.one()));
            lines = output.lines();
        } finally {
            Tables.update("alter table audit_logs drop constraint " + rule);
        }
        assertThat(lines.stream().filter(line -> line.contains(" failed"))).hasSizeGreaterThan(5);
        assertThat(lines.stream().filter(InjectionTests::isForged)).isEmpty();
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.headers())
                        .noneMatch(header -> header.name().equals("X-Injected")
                                || header.value().contains("forged line")));
    }

    private static Answer send(String method, String path, Map<String, ?> body) {
        return Wire.request(method, path)
                .bearer(COMPANY.bearer())
                .json(JSON.writeValueAsString(body))
                .to(Node.one());
    }

    private static boolean isForged(String line) {
        return line.startsWith("X-Injected") || line.startsWith("2026-11-24T00:00:00.000Z  INFO forged");
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
