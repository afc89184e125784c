package dev.signet.audit;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.SilentReaders;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.platform.Ids;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the log tells whoever may read it, and how it is asked. */
class AuditListTests {

    private static final String LOG = "/api/v2/auditlogs";
    private static final String ABSENT = "0123456789abcdef01234567";

    private final Tenant company = Tenant.create();

    @Test
    void anEntrySaysWhoChangedWhatOfWhichThingFromWhereAndWhen() {
        Token token = company.token("messages-read");
        Instant before = Instant.now().minusMillis(1);
        company.edit(token, Map.of("name", "Renamed", "description", "new"));

        JsonNode entry = only("?event=modify&item=" + token.id());

        assertThat(entry.propertyNames())
                .containsExactlyInAnyOrder(
                        "_id",
                        "event",
                        "model",
                        "item",
                        "itemName",
                        "itemCode",
                        "actor",
                        "ip",
                        "createdAt",
                        "traceId",
                        "changes",
                        "reason",
                        "route",
                        "count",
                        "company");
        assertThat(text(entry, "/_id")).matches("[0-9a-f]{24}");
        assertThat(text(entry, "/event")).isEqualTo("modify");
        assertThat(text(entry, "/model")).isEqualTo("ApiToken");
        assertThat(text(entry, "/item")).isEqualTo(token.id());
        assertThat(text(entry, "/itemName")).isEqualTo("Renamed");
        assertThat(text(entry, "/itemCode")).isEqualTo(token.code());
        assertThat(entry.path("actor").propertyNames())
                .containsExactlyInAnyOrder("user", "email", "displayName", "token");
        assertThat(text(entry, "/actor/user"))
                .isEqualTo(company.api().get("/api/v2/users/me").data("_id"));
        assertThat(text(entry, "/actor/email")).isEqualTo(company.email());
        assertThat(text(entry, "/actor/displayName")).isEqualTo("Administrator");
        assertThat(entry.at("/actor/token").isNull()).isTrue();
        assertThat(text(entry, "/ip")).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(text(entry, "/createdAt")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(Instant.parse(text(entry, "/createdAt"))).isBetween(before, Instant.now());
        assertThat(text(entry, "/traceId")).matches("[0-9a-f]{32}");
        assertThat(entry.path("changes").propertyNames()).containsExactlyInAnyOrder("/name", "/description");
        assertThat(entry.path("changes").path("/name"))
                .hasToString("{\"previous\":\"%s\",\"changedTo\":\"Renamed\"}"
                        .formatted(token.code().replace("token_", "Token ")));
        assertThat(entry.path("changes").path("/description")).hasToString("{\"previous\":null,\"changedTo\":\"new\"}");
        assertThat(entry.path("reason").isNull()).isTrue();
        assertThat(entry.path("route").isNull()).isTrue();
        assertThat(entry.path("count").asInt()).isOne();
        assertThat(text(entry, "/company")).isEqualTo(company.id());
    }

    @Test
    void whatCameThroughATokenNamesTheTokenAndItsBot() {
        Token maker = company.token("admin-accesscontrol-write");
        String role = Api.as(maker.secret())
                .post(ROLES, Map.of("name", "Made by a bot", "permissions", List.of()))
                .expect(201)
                .data("_id");

        JsonNode actor = only("?item=" + role).path("actor");

        assertThat(text(actor, "/user")).isEqualTo(maker.user());
        assertThat(text(actor, "/token")).isEqualTo(maker.id());
        assertThat(text(actor, "/email")).isEqualTo(maker.user() + "@bot.invalid");
        assertThat(text(actor, "/displayName")).isEqualTo(maker.code().replace("token_", "Bot "));
    }

    @Test
    void eachOfManyRefusalsIsFoundByItsTraceIdAndSaysWhatWasMissing() {
        Token token = company.token("messages-read");
        List<String> traces = refusals(token, 5);

        for (String trace : traces) {
            JsonNode entry = only("?traceId=" + trace);
            assertThat(text(entry, "/event")).isEqualTo("deny");
            assertThat(text(entry, "/model")).isEqualTo("Route");
            assertThat(text(entry, "/route")).isEqualTo("GET " + TOKENS);
            assertThat(text(entry, "/actor/token")).isEqualTo(token.id());
            assertThat(entry.path("reason")).hasToString("{\"requiredPermissions\":[\"admin-apitokens-read\"]}");
            assertThat(entry.path("changes").isEmpty()).isTrue();
        }
        List<JsonNode> rows = entries("?event=deny");
        // a minute may have turned in between
        assertThat(rows.size()).isBetween(1, 2);
        assertThat(rows.stream().mapToInt(row -> row.path("count").asInt()).sum())
                .isEqualTo(5);
        assertThat(text(rows.getLast(), "/traceId")).isEqualTo(traces.getFirst());
    }

    @Test
    void refusalsAtOnceAreAllCountedAndFound() throws Exception {
        Token token = company.token("messages-read");
        List<String> traces = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            Callable<List<String>> caller = () -> refusals(token, 2);
            for (Future<List<String>> refused :
                    callers.invokeAll(List.of(caller, caller, caller, caller, caller, caller, caller, caller))) {
                traces.addAll(refused.get());
            }
        }
        assertThat(traces).hasSize(16).doesNotHaveDuplicates().allSatisfy(trace -> only("?traceId=" + trace));
        assertThat(entries("?event=deny").stream()
                        .mapToInt(row -> row.path("count").asInt())
                        .sum())
                .isEqualTo(16);
    }

    @Test
    void afterTwentyRefusalsOfAMinuteFurtherOnesAreOnlyCounted() {
        Token token = company.token("messages-read");
        // so many that one of two minutes has more than twenty
        refusals(token, 50);
        Node.one().bean(Refusals.class).writeAll();

        JsonNode row = entries("?event=deny").stream()
                .filter(entry -> entry.path("count").asInt() > 20)
                .findFirst()
                .orElseThrow();

        assertThat(Tables.texts(
                        "select number from audit_refusal_traces where log_id = ? order by number", text(row, "/_id")))
                .hasSize(19)
                .startsWith("2")
                .endsWith("20");
    }

    @Test
    void aRefusalForAnotherReasonThanAPermissionSaysItsCode() {
        String mine = "user_id = (select id from users where email = ?)";
        Tables.update("update passwords set generated = true where " + mine, company.email());
        String trace = company.api()
                .get(TOKENS)
                .expect(403, "password_change_required")
                .body()
                .path("traceId")
                .asString();
        Tables.update("update passwords set generated = false where " + mine, company.email());

        assertThat(only("?traceId=" + trace).path("reason")).hasToString("{\"code\":\"password_change_required\"}");
    }

    @Test
    void peopleComingAndGoingAreInTheLog() {
        String next = "nine grey geese at dawn";
        signIn("not the one at all").expect(401);
        company.api()
                .put("/api/v2/users/me/password", Map.of("current", Tenant.PASSWORD, "next", next))
                .expect(204);
        signIn(next).expect(200);
        company.api().post("/auth/logout", Map.of("everywhere", true)).expect(204);
        Api reader = Api.as(signIn(next).expect(200).body().path("token").asString());

        List<JsonNode> entries =
                reader.get(LOG + "?model=User&orderBy=asc").expect(200).data().path("auditLogs").values().stream()
                        .toList();

        assertThat(entries)
                .extracting(entry -> text(entry, "/event"))
                .containsExactly("create", "signin", "signin-failed", "password", "signin", "signout", "signin");
        assertThat(entries).allSatisfy(entry -> {
            assertThat(text(entry, "/item")).isEqualTo(text(entry, "/actor/user"));
            assertThat(entry.path("reason").isNull()).isTrue();
        });
        assertThat(text(entries.get(2), "/route")).isEqualTo("POST /auth/local");
    }

    @Test
    void aFailedSignInWithoutAnAccountIsInNobodysLog() {
        String nobody = "nobody" + company.id() + "@example.com";
        int before = everything();
        long failed = failedWithoutAnAccount();
        Api.as(null)
                .post("/auth/local", Map.of("email", nobody, "password", "not the one at all"))
                .expect(401);

        assertThat(everything()).isEqualTo(before);
        assertThat(failedWithoutAnAccount()).isEqualTo(failed + 1);
    }

    /** What other tests caused in the same minute may share the row, and be counted in memory. */
    private static long failedWithoutAnAccount() {
        Node.one().bean(Refusals.class).writeAll();
        return Node.sql(
                        "select coalesce(sum(count), 0) from audit_logs where company_id is null and event = 'signin-failed'")
                .query(Long.class)
                .single();
    }

    @Test
    void filtersNarrowTheLog() {
        Token token = company.token("messages-read", "admin-accesscontrol-write");
        String role = Api.as(token.secret())
                .post(ROLES, Map.of("name", "Made by a bot", "permissions", List.of()))
                .expect(201)
                .data("_id");
        company.edit(token, Map.of("isActive", false));
        company.revoke(token);

        assertThat(events("?event=revoke")).containsExactly("revoke");
        assertThat(events("?event=disable&event=revoke&event=")).containsExactly("revoke", "disable");
        assertThat(events("?event=signin-failed")).isEmpty();
        assertThat(events("?model=ApiToken")).containsExactly("revoke", "disable", "create");
        assertThat(events("?model=AccessRole&model=Company")).containsExactly("create", "create", "create");
        assertThat(events("?model=Nothing")).isEmpty();
        assertThat(events("?item=" + token.id())).containsExactly("revoke", "disable", "create");
        assertThat(items("?email=" + token.user() + "@BOT.invalid")).containsExactly(role);
        assertThat(items("?email=" + company.email().toUpperCase(Locale.ROOT) + "&model=AccessRole"))
                .containsExactly(token.role());
        assertThat(items("?model=AccessRole&email=" + company.email() + "&email=" + token.user() + "@bot.invalid"))
                .containsExactly(role, token.role());
        assertThat(events("?email=nobody@example.com")).isEmpty();
        String admin = company.api().get("/api/v2/users/me").data("_id");
        assertThat(items("?actor=" + token.user())).containsExactly(role);
        assertThat(items("?actor=" + admin + "&model=AccessRole")).containsExactly(token.role());
        assertThat(events("?actor=" + admin + "&email=" + token.user() + "@bot.invalid"))
                .isEmpty();
        assertThat(items("?token=" + token.id())).containsExactly(role);
        JsonNode revoked = only("?event=revoke");
        assertThat(events("?traceId=" + text(revoked, "/traceId"))).containsExactly("revoke");
        assertThat(events("?ids=" + text(revoked, "/_id") + "&ids=" + ABSENT)).containsExactly("revoke");
        assertThat(events("?event=revoke&model=AccessRole")).isEmpty();
    }

    @Test
    void timesBoundTheLogFromTheFirstOnAndBeforeTheLast() {
        Token token = company.token("messages-read");
        String at = text(only("?item=" + token.id()), "/createdAt");
        String mine = "?item=" + token.id() + "&";

        assertThat(entries(mine + "from=" + at)).hasSize(1);
        assertThat(entries(mine + "until=" + at)).isEmpty();
        assertThat(entries(mine + "until=" + Instant.parse(at).plusMillis(1))).hasSize(1);
        assertThat(entries(mine + "from=" + Instant.parse(at).plusMillis(1))).isEmpty();
        assertThat(entries(mine + "from=2020-01-01&until=9999-12-31")).hasSize(1);
        assertThat(entries(mine + "until=2020-01-01")).isEmpty();
        assertThat(entries(mine + "created_gte=" + at + "&modified_lte=" + at)).hasSize(1);
        assertThat(entries(mine + "created_gt=" + at)).isEmpty();
    }

    @Test
    void nothingInTheLogIsActiveOrNot() {
        int all = everything();
        assertThat(all).isPositive();
        assertThat(count("?isActive=true")).isEqualTo(all);
        assertThat(count("?isActive=all")).isEqualTo(all);
        assertThat(count("?isActive=false")).isZero();
    }

    @Test
    void anEntryNamesItsItem() {
        Token token = company.token("messages-read");
        String role = company.role("messages-read");
        String channel = company.api()
                .post("/api/v2/channels", Map.of("nameDisplay", "Lounge", "nameCode", "lounge"))
                .expect(201)
                .data("_id");

        assertThat(named("?item=" + token.id()))
                .isEqualTo(token.code().replace("token_", "Token ") + " " + token.code());
        assertThat(named("?item=" + role)).matches("Role \\d+ null");
        assertThat(named("?item=" + channel)).isEqualTo("Lounge lounge");
        assertThat(named("?model=User&event=signin")).isEqualTo("Administrator null");
        assertThat(named("?model=Company")).isEqualTo("Company of " + company.email() + " null");
        refusals(token, 1);
        assertThat(named("?event=deny")).isEqualTo("null null");
    }

    @Test
    void anotherCompanysItemHasNoName() {
        Tenant other = Tenant.create();
        Token token = other.token("messages-read");
        String channel = Talk.channel(other.api());
        Map.of(
                        "ApiToken", token.id(),
                        "AccessRole", token.role(),
                        "User", token.user(),
                        "Channel", channel,
                        "Company", other.id())
                .forEach((model, item) -> {
                    Tables.update(
                            "insert into audit_logs (id, company_id, event, model, item, address, at, trace_id, changes)"
                                    + " values (?, ?, 'create', ?, ?, '203.0.113.7', now(), 'x', '{}')",
                            Ids.next(Instant.now()),
                            company.id(),
                            model,
                            item);
                    assertThat(named("?item=" + item)).as(model).isEqualTo("null null");
                });
    }

    @Test
    void thoseWhoNeverReadAreServedABoundedNumberOfPages() throws IOException {
        large(20);
        try (SilentReaders silent = SilentReaders.of(company.bearer(), LOG + "?model=Large&limit=100")) {
            silent.awaitRefusal(company.api()).expect(503, "overloaded");
        }
    }

    @Test
    void aPageOfLargeEntriesIsShorterAndGoesOn() {
        large(60);
        List<String> walked = new ArrayList<>();
        String next = "";
        do {
            Answer page = company.api().get(LOG + "?model=Large&limit=100" + next);
            assertThat(page.text().length()).isLessThan(1024 * 1024 + 1024);
            walked.addAll(ids(page));
            next = page.data().has("nextCursor") ? "&cursor=" + page.data("nextCursor") : "";
            assertThat(page.header("Link").isEmpty()).isEqualTo(next.isEmpty());
        } while (!next.isEmpty());

        assertThat(walked).hasSize(60).doesNotHaveDuplicates();
        // a page by number is never shorter, and may therefore be larger, within bounds
        assertThat(ids(company.api().get(LOG + "?model=Large&limit=40&page=1"))).isEqualTo(walked.subList(0, 40));
        company.api().get(LOG + "?model=Large&limit=100&page=1").expectFields("page: heavy_page");
        assertThat(ids(company.api().get(LOG + "?model=Large&limit=10&page=4"))).isEqualTo(walked.subList(30, 40));
    }

    @Test
    void theLogIsSearchedForWhatHappenedWhereAndByWhom() {
        Token token = company.token("messages-read");
        refusals(token, 1);
        company.revoke(token);

        assertThat(events("?search=REVOKE")).containsExactly("revoke");
        assertThat(events("?search=apitok&event=create")).containsExactly("create");
        assertThat(events("?search=" + token.id())).containsExactly("revoke", "create");
        assertThat(events("?search=" + encoded("get /api/v2/apit"))).containsExactly("deny");
        assertThat(events("?search=" + encoded(token.code().replace("token_", "BOT ")) + "&event=deny"))
                .containsExactly("deny");
        assertThat(events("?event=revoke&search=" + company.email().toUpperCase(Locale.ROOT)))
                .containsExactly("revoke");
        assertThat(count("?search=administrator&event=revoke&event=create")).isGreaterThan(3);
        for (String literal : List.of("%", "_", "\\", "revoked by nobody")) {
            assertThat(events("?search=" + encoded(literal))).as(literal).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "event=explode, event: one_of",
        "event=CREATE, event: one_of",
        "event=signin_failed, event: one_of",
        "event=create&event=explode, event: one_of",
        "from=soon, from: time",
        "until=2026-02-30, until: time",
        "isActive=yes, isActive: pattern",
        "sortBy=name, sortBy: one_of",
        "page=101, page: max",
        "actor=x, actor: unknown_id",
        "actor=0123456789abcdef01234567, actor: unknown_id",
        "token=x, token: unknown_id",
        "token=0123456789abcdef01234567, token: unknown_id",
        "user=x, user: unknown_parameter",
    })
    void whatTheLogCannotBeAskedIsNamed(String query, String field) {
        company.api().get(LOG + "?" + query).expectFields(field);
    }

    @Test
    void whoAsksForAnUnknownEventIsToldTheWords() {
        assertThat(company.api().get(LOG + "?event=explode").text())
                .contains(
                        "create, modify, disable, enable, rotate, revoke, signin, signin-failed, signout, refresh-replayed, password, deny");
    }

    @Test
    void emptyFiltersAskForNothing() {
        assertThat(count("?event=&model=&email=&actor=&token=&item=&traceId=&from=&until=&search=&debug=true"))
                .isEqualTo(everything());
    }

    @ParameterizedTest
    @ValueSource(strings = {"asc", "desc"})
    void byCursorNothingIsRepeatedOrMissedWhileMoreIsWritten(String order) {
        for (int i = 0; i < 5; i++) {
            company.role("messages-read");
        }
        List<String> there = ids(company.api().get(LOG + "?limit=100&orderBy=" + order));

        List<String> walked = new ArrayList<>();
        Answer page = company.api().get(LOG + "?limit=2&orderBy=" + order);
        walked.addAll(ids(page));
        for (int i = 0; page.data().has("nextCursor"); i++) {
            if (i < 4) {
                company.role("messages-read");
            }
            page = company.api().get(LOG + "?limit=2&orderBy=" + order + "&cursor=" + page.data("nextCursor"));
            walked.addAll(ids(page));
        }

        assertThat(walked).doesNotHaveDuplicates().startsWith(there.toArray(String[]::new));
        // towards the past there is nothing new; towards now the new ones follow
        assertThat(walked).hasSize(there.size() + (order.equals("asc") ? 4 : 0));
    }

    @Test
    void ofAnotherCompanyNothingIsFoundByWhateverFilter() {
        Tenant other = Tenant.create();
        Token others = other.token("messages-read");
        String trace = refusals(others, 2).getLast();
        String firstTrace = Tables.texts(
                        "select trace_id from audit_logs where company_id = ? and event = 'deny'", other.id())
                .getFirst();
        String entry = Tables.texts("select id from audit_logs where company_id = ? limit 1", other.id())
                .getFirst();
        String cursor = other.api().get(LOG + "?limit=1").data("nextCursor");

        Map.of(
                        "item", others.id(),
                        "email", other.email(),
                        "search", other.email(),
                        "ids", entry)
                .forEach((filter, foreign) -> assertThat(entries("?" + filter + "=" + foreign))
                        .as(filter)
                        .isEmpty());
        company.api().get(LOG + "?actor=" + others.user()).expectFields("actor: unknown_id");
        company.api().get(LOG + "?token=" + others.id()).expectFields("token: unknown_id");
        assertThat(entries("?traceId=" + trace)).isEmpty();
        assertThat(entries("?traceId=" + firstTrace)).isEmpty();
        for (String query : List.of("", "&cursor=" + cursor, "&model=ApiToken", "&event=deny", "&from=2020-01-01")) {
            assertThat(company.api().get(LOG + "?limit=100" + query).expect(200).text())
                    .as(query)
                    .doesNotContain(other.id(), others.id(), other.email());
        }
    }

    @Test
    void whoMayNotReadTheLogIsRefused() {
        Token token = company.token("admin-apitokens-write", "admin-users-write", "admin-accesscontrol-write");
        Api.as(token.secret()).get(LOG + "?nonsense=1").expectMissing("admin-auditlogs-read");
        Api.as(company.token("admin-auditlogs-read").secret()).get(LOG).expect(200);
    }

    @Test
    void readingTheLogIsNotWritten() {
        int before = everything();
        company.api().get(LOG + "?search=x").expect(200);
        company.api().get(TOKENS).expect(200);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void noSecretAndNoPasswordIsInTheLog() {
        Token token = company.token("messages-read");
        signIn("not the one at all").expect(401);

        assertThat(company.api().get(LOG + "?limit=100").expect(200).text())
                .contains(token.id())
                .doesNotContain(
                        token.secret().substring(17),
                        Tenant.PASSWORD,
                        "not the one at all",
                        company.bearer(),
                        "digest");
    }

    /** Writes so many entries of 150 KB. */
    private void large(int count) {
        for (int i = 0; i < count; i++) {
            Tables.update(
                    "insert into audit_logs (id, company_id, event, model, address, at, trace_id, changes)"
                            + " values (?, ?, 'create', 'Large', '203.0.113.7', now(), 'x',"
                            + " jsonb_build_object('/name', jsonb_build_object('previous', null, 'changedTo', ?)))",
                    Ids.next(Instant.now()),
                    company.id(),
                    "x".repeat(150_000));
        }
    }

    /** Has the token refused so often and gives the trace ids that it was answered. */
    private static List<String> refusals(Token token, int times) {
        List<String> traces = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            traces.add(Api.as(token.secret())
                    .get(TOKENS)
                    .expectMissing("admin-apitokens-read")
                    .body()
                    .path("traceId")
                    .asString());
        }
        return traces;
    }

    private Answer signIn(String password) {
        return Api.at(Node.other(), null).post("/auth/local", Map.of("email", company.email(), "password", password));
    }

    private String named(String query) {
        JsonNode entry = only(query);
        return entry.path("itemName").asString("null") + " "
                + entry.path("itemCode").asString("null");
    }

    private JsonNode only(String query) {
        List<JsonNode> entries = entries(query);
        assertThat(entries).as(query).hasSize(1);
        return entries.getFirst();
    }

    private List<JsonNode> entries(String query) {
        return company.api().get(LOG + query).expect(200).data().path("auditLogs").values().stream()
                .toList();
    }

    private List<String> events(String query) {
        return entries(query).stream().map(entry -> text(entry, "/event")).toList();
    }

    private List<String> items(String query) {
        return entries(query).stream().map(entry -> text(entry, "/item")).toList();
    }

    private int count(String query) {
        return company.api()
                .get(LOG + query + "&count=true&limit=1")
                .expect(200)
                .data()
                .path("count")
                .asInt();
    }

    private int everything() {
        return count("?");
    }

    private static List<String> ids(Answer page) {
        return page.expect(200).data().path("auditLogs").values().stream()
                .map(entry -> text(entry, "/_id"))
                .toList();
    }

    private static String text(JsonNode node, String pointer) {
        return node.at(pointer).asString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
