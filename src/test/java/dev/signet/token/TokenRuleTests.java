package dev.signet.token;

import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.newToken;
import static dev.signet.Tenant.with;
import static dev.signet.Tenant.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a token is made of, and each rule for it. */
class TokenRuleTests {

    private static final String ID = "[0-9a-f]{24}";
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
    private static final String IN_2099 = "2099-01-02T03:04:05.678Z";

    private final Tenant company = Tenant.create();
    private final String role = company.role("messages-read");
    private final Map<String, Object> wanted = newToken(role);

    @Test
    void aNewTokenIsAnsweredWithItsRecordItsAddressAndThisOnceItsSecret() {
        Answer made = company.api()
                .post(TOKENS, with(with(wanted, "description", "for the shop"), "expiresAt", IN_2099))
                .expect(201);

        String id = made.data("_id");
        String admin = company.api().get("/api/v2/users/me").data("_id");
        assertThat(made.header("Location")).isEqualTo(TOKENS + "/" + id);
        assertThat(made.header("ETag")).isEqualTo("\"0\"");
        assertThat(made.header("Cache-Control")).contains("no-store");
        JsonNode token = made.data();
        assertThat(token.propertyNames())
                .containsExactlyInAnyOrder(
                        "_id",
                        "name",
                        "code",
                        "description",
                        "userBotName",
                        "avatar",
                        "user",
                        "accessRoles",
                        "impersonates",
                        "isActive",
                        "status",
                        "tokenHint",
                        "expiresAt",
                        "allowedIps",
                        "graceUntil",
                        "graceUses",
                        "company",
                        "createdBy",
                        "createdAt",
                        "modifiedBy",
                        "modifiedAt",
                        "lastUsedAt",
                        "lastUsedIp",
                        "lastUsedAgent",
                        "revokedAt",
                        "revokedBy",
                        "revokeReason",
                        "token");
        assertThat(id).matches(ID);
        assertThat(made.data("name")).isEqualTo(wanted.get("name"));
        assertThat(made.data("code")).isEqualTo(wanted.get("code"));
        assertThat(made.data("description")).isEqualTo("for the shop");
        assertThat(made.data("userBotName")).isEqualTo(wanted.get("userBotName"));
        assertThat(made.data("user")).matches(ID).isNotEqualTo(admin);
        assertThat(token.path("accessRoles").values())
                .extracting(JsonNode::asString)
                .containsExactly(role);
        assertThat(token.path("isActive").asBoolean()).isTrue();
        assertThat(made.data("status")).isEqualTo("active");
        assertThat(made.data("token")).matches("sgt_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}");
        assertThat(made.data("tokenHint")).isEqualTo(made.data("token").substring(0, 8) + "…");
        assertThat(made.data("expiresAt")).isEqualTo(IN_2099);
        assertThat(made.data("company")).isEqualTo(company.id());
        assertThat(made.data("createdBy")).isEqualTo(admin);
        assertThat(made.data("modifiedBy")).isEqualTo(admin);
        assertThat(made.data("createdAt")).matches(TIME).isEqualTo(made.data("modifiedAt"));
        for (String none : List.of(
                "graceUntil", "lastUsedAt", "lastUsedIp", "lastUsedAgent", "revokedAt", "revokedBy", "revokeReason")) {
            assertThat(token.path(none).isNull()).as(none).isTrue();
        }
        for (String empty : List.of("allowedIps", "impersonates")) {
            assertThat(token.path(empty)).as(empty).hasToString("[]");
        }
        assertThat(token.path("graceUses").asInt()).isZero();
        assertThat(token.path("avatar").propertyNames()).containsExactly("small", "square", "original");

        Answer read = company.api().get(TOKENS + "/" + id).expect(200);
        assertThat(read.header("ETag")).isEqualTo("\"0\"");
        assertThat(read.data()).isEqualTo(((ObjectNode) token).without("token"));
    }

    @Test
    void withoutMoreATokenIsActiveAndHasNeitherDescriptionNorEnd() {
        JsonNode token = company.api().post(TOKENS, wanted).expect(201).data();

        assertThat(token.path("isActive").asBoolean()).isTrue();
        assertThat(token.path("description").isNull()).isTrue();
        assertThat(token.path("expiresAt").isNull()).isTrue();
    }

    @Test
    void aTokenMayBeMadeInactive() {
        Answer made =
                company.api().post(TOKENS, with(wanted, "isActive", false)).expect(201);

        assertThat(made.data("status")).isEqualTo("inactive");
        Api.as(made.data("token")).get("/api/v2/users/me").expect(401, "token_inactive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "code", "userBotName", "accessRoles"})
    void whatATokenNeedsIsMissed(String field) {
        company.api().post(TOKENS, without(wanted, field)).expectFields(field + ": required");
        company.api().post(TOKENS, with(wanted, field, null)).expectFields(field + ": required");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "name         | \"\"                 | required",
                "name         | \"  \\t \"           | required",
                "name         | 7                    | type",
                "name         | [\"a\"]              | type",
                "userBotName  | \"\"                 | required",
                "userBotName  | true                 | type",
                "code         | \"\"                 | code",
                "code         | \"Upper\"            | code",
                "code         | \"1st\"              | code",
                "code         | \"_a\"               | code",
                "code         | \"a-b\"              | code",
                "code         | \"a b\"              | code",
                "code         | \"añb\"              | code",
                "code         | \"a\\n\"             | code",
                "accessRoles  | []                   | required",
                "accessRoles  | \"\"                 | type",
                "accessRoles  | {}                   | type",
                "isActive     | \"true\"             | type",
                "isActive     | 1                    | type",
                "expiresAt    | \"2020-01-01T00:00:00Z\" | past",
                "expiresAt    | \"tomorrow\"         | time",
                "expiresAt    | \"\"                 | time",
                "expiresAt    | 4102444800           | time",
                "expiresAt    | \"+300000-01-01T00:00:00Z\" | time",
                "description  | 1                    | type",
            })
    void whatCannotBeUsedIsRefusedAtItsField(String field, String json, String code) {
        Object value = new JsonMapper().readTree(json);

        company.api().post(TOKENS, with(wanted, field, value)).expectFields(field + ": " + code);
        if (!field.equals("code")) {
            Token token = company.token("messages-read");
            company.api().patch(token.path(), with(Map.of(), field, value)).expectFields(field + ": " + code);
        }
    }

    @ParameterizedTest
    @CsvSource({"name, 80", "userBotName, 80", "description, 500"})
    void textsHaveALongest(String field, int longest) {
        Token token = company.token("messages-read");
        String fits = "é".repeat(longest);

        assertThat(company.api()
                        .post(TOKENS, with(wanted, field, fits))
                        .expect(201)
                        .data(field))
                .isEqualTo(fits);
        company.api().post(TOKENS, with(newToken(role), field, fits + "x")).expectFields(field + ": size");
        company.api().patch(token.path(), Map.of(field, fits + "x")).expectFields(field + ": size");
    }

    @Test
    void aCodeHasAtMost60Characters() {
        String longest = "c".repeat(60);

        assertThat(company.api()
                        .post(TOKENS, with(wanted, "code", longest))
                        .expect(201)
                        .data("code"))
                .isEqualTo(longest);
        company.api().post(TOKENS, with(wanted, "code", longest + "c")).expectFields("code: code");
    }

    @Test
    void aTokenHasAtMost50Roles() {
        company.api()
                .post(TOKENS, with(wanted, "accessRoles", Collections.nCopies(50, role)))
                .expect(201);
        company.api()
                .post(TOKENS, with(newToken(role), "accessRoles", Collections.nCopies(51, role)))
                .expectFields("accessRoles: size");
    }

    @Test
    void aRoleNamedTwiceIsOne() {
        Answer made = company.api().post(TOKENS, newToken(role, role)).expect(201);

        assertThat(made.data().path("accessRoles").values())
                .extracting(JsonNode::asString)
                .containsExactly(role);
    }

    @Test
    void aRoleThatIsNullIsMissed() {
        Token token = company.token("messages-read");
        List<@Nullable String> roles = new ArrayList<>();
        roles.add(role);
        roles.add(null);

        company.api().post(TOKENS, with(wanted, "accessRoles", roles)).expectFields("accessRoles[1]: required");
        company.api().patch(token.path(), Map.of("accessRoles", roles)).expectFields("accessRoles[1]: required");
    }

    @Test
    void anUnknownRoleAndAnotherCompanysAreRefusedInTheSameWords() {
        Token token = company.token("messages-read");
        String foreign = Tenant.create().role("messages-read");
        String unknown = "0123456789abcdef01234567";

        for (String path : List.of(TOKENS, token.path())) {
            List<JsonNode> refusals = new ArrayList<>();
            for (String id : List.of(unknown, foreign, "not an id")) {
                Answer refused = path.equals(TOKENS)
                        ? company.api().post(path, newToken(role, id))
                        : company.api().patch(path, Map.of("accessRoles", List.of(role, id)));
                refused.expectFields("accessRoles[1]: unknown_id");
                refusals.add(refused.body().path("errors"));
            }
            assertThat(refusals).containsOnly(refusals.getFirst());
        }
    }

    @Test
    void anUnknownFieldIsNamed() {
        Token token = company.token("messages-read");

        company.api().post(TOKENS, with(wanted, "colour", "red")).expectFields("colour: unknown_field");
        company.api().patch(token.path(), Map.of("colour", "red")).expectFields("colour: unknown_field");
        company.api().post(token.path() + "/revoke", Map.of("colour", "red")).expectFields("colour: unknown_field");
    }

    @Test
    void aCodeNeverChanges() {
        Token token = company.token("messages-read");

        company.api().patch(token.path(), Map.of("code", "another")).expectFields("code: unknown_field");
        company.api().patch(token.path(), Map.of("code", token.code())).expectFields("code: unknown_field");
    }

    @Test
    void aCodeIsTakenInItsCompanyAlone() {
        Token token = company.token("messages-read");
        company.revoke(token);

        company.api().post(TOKENS, with(wanted, "code", token.code())).expect(409, "code_taken");

        Tenant other = Tenant.create();
        other.api()
                .post(TOKENS, with(newToken(other.role("messages-read")), "code", token.code()))
                .expect(201);
    }

    @Test
    void ofTwentyWhoWantACodeAtOnceOneGetsIt() throws Exception {
        List<Callable<Integer>> creations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Node node = i % 2 == 0 ? Node.one() : Node.other();
            creations.add(
                    () -> Api.at(node, company.bearer()).post(TOKENS, wanted).status());
        }
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> creation : pool.invokeAll(creations)) {
                statuses.add(creation.get());
            }
        }

        assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 409);
        Answer list = company.api().get(TOKENS + "?count=true&limit=100").expect(200);
        assertThat(list.data().path("count").asInt()).isOne();
        assertThat(Node.sql("select count(*) from users where company_id = ? and is_bot")
                        .param(company.id())
                        .query(Integer.class)
                        .single())
                .as("no bot is left behind by those who came late")
                .isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "userBotName", "accessRoles", "isActive", "channels"})
    void whatATokenNeedsCannotBeCleared(String field) {
        Token token = company.token("messages-read");

        company.api().patch(token.path(), with(Map.of(), field, null)).expectFields(field + ": required");
    }

    @Test
    void nullClearsWhomATokenMayActFor() {
        Token token = company.token("messages-read");
        company.edit(token, Map.of("impersonates", List.of(token.user())));

        assertThat(company.api()
                        .patch(token.path(), with(Map.of(), "impersonates", null))
                        .expect(200)
                        .data()
                        .path("impersonates"))
                .hasToString("[]");
    }

    @Test
    void aTokenThatChangedSinceItWasReadIsNotRevoked() {
        Token token = company.token("messages-read");
        company.edit(token, Map.of("name", "Renamed"));
        company.api()
                .with("If-Match", "\"0\"")
                .post(token.path() + "/revoke", null)
                .expect(412, "stale");
        assertThat(company.api().get(token.path()).data("status")).isEqualTo("active");
        company.api()
                .with("If-Match", "\"1\"")
                .post(token.path() + "/revoke", null)
                .expect(200);
        assertThat(Tenant.events(token.id())).containsExactly("create", "modify", "revoke");
    }

    @Test
    void nullClearsDescriptionAndEnd() {
        String path = TOKENS + "/"
                + company.api()
                        .post(TOKENS, with(with(wanted, "description", "some"), "expiresAt", IN_2099))
                        .expect(201)
                        .data("_id");

        JsonNode cleared = company.api()
                .patch(path, with(with(Map.of(), "description", null), "expiresAt", null))
                .expect(200)
                .data();

        assertThat(cleared.path("description").isNull()).isTrue();
        assertThat(cleared.path("expiresAt").isNull()).isTrue();
    }

    @Test
    void onlyTheChangedFieldsAreSent() {
        Token token = company.token("messages-read");

        Answer edited =
                company.api().patch(token.path(), Map.of("name", "Renamed")).expect(200);

        assertThat(edited.header("ETag")).isEqualTo("\"1\"");
        assertThat(edited.data("name")).isEqualTo("Renamed");
        assertThat(edited.data("code")).isEqualTo(token.code());
        assertThat(Instant.parse(edited.data("modifiedAt"))).isAfterOrEqualTo(edited.data("createdAt"));
        assertThat(company.api().get(token.path()).data()).isEqualTo(edited.data());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"name\"", "null", "", "{", "{\"name\":\"a\",\"name\":\"b\"}", "{} {}"})
    void aBodyThatIsNoObjectIsRefused(String body) {
        Token token = company.token("messages-read");

        company.api().post(TOKENS, body).expect(400, "invalid_request");
        company.api().patch(token.path(), body).expect(400, "invalid_request");
    }

    @Test
    void aTimeIsKeptToTheMillisecond() {
        String path = TOKENS + "/"
                + company.api()
                        .post(TOKENS, with(wanted, "expiresAt", "2099-01-02T03:04:05.678999+00:00"))
                        .expect(201)
                        .data("_id");

        Answer unchanged =
                company.api().patch(path, Map.of("expiresAt", IN_2099)).expect(200);

        assertThat(unchanged.data("expiresAt")).isEqualTo(IN_2099);
        assertThat(unchanged.header("ETag")).isEqualTo("\"0\"");
    }
}
