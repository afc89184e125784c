package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import io.jsonwebtoken.Jwts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Two companies share the service and its database, and neither can see, guess or change anything of the other. */
class TwoCompaniesTests {

    private static final String ABSENT = "0123456789abcdef01234567";
    private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{24}\\b");
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Tenant ONE = Tenant.create();
    private static final Tenant OTHER = Tenant.create();

    private final Token othersToken = OTHER.token("admin-apitokens-read");
    private final String othersChannel = Talk.channel(OTHER.api());
    private final String othersMessage = Talk.say(OTHER.api(), othersChannel, "among us");

    @Test
    void anIdOfTheOtherCompanyLooksLikeOneThatDoesNotExist() {
        List<Route> withId = Node.one().bean(Routes.class).all().stream()
                .filter(route -> route.path().contains("{") && !route.open())
                .toList();
        List<String> before = Tables.dump(OTHER.id());
        List<String> othersIds = before.stream()
                .flatMap(row -> ID.matcher(row).results())
                .map(found -> found.group())
                .distinct()
                .toList();

        assertThat(othersIds)
                .hasSizeGreaterThan(10)
                .contains(othersToken.id(), othersToken.role(), othersChannel, othersMessage);
        assertThat(withId).hasSizeGreaterThan(4).allSatisfy(route -> {
            String absent = at(route, ABSENT).comparable();
            assertThat(absent).startsWith("404");
            for (String id : othersIds) {
                assertThat(at(route, id).comparable()).isEqualTo(absent);
            }
        });
        assertThat(Tables.dump(OTHER.id())).isEqualTo(before);
    }

    @Test
    void anIdOfTheOtherCompanyInABodyLooksLikeOneThatDoesNotExist() {
        Token mine = ONE.token("messages-read");
        assertThat(List.of(
                        "POST /api/v2/apitokens",
                        "PATCH /api/v2/apitokens/" + mine.id(),
                        "POST /api/v2/users",
                        "PATCH " + ONE.person().path()))
                .allSatisfy(call -> {
                    Answer foreign = withRole(call, othersToken.role());
                    assertThat(foreign.status()).isEqualTo(400);
                    assertThat(foreign.json().at("/errors/0/field").asString()).isEqualTo("accessRoles[0]");
                    assertThat(foreign.json().at("/errors/0/code").asString()).isEqualTo("unknown_id");
                    assertThat(foreign.comparable())
                            .isEqualTo(withRole(call, ABSENT).comparable());
                });
    }

    @Test
    void anIdOfTheOtherCompanyInAFilterLooksLikeOneThatDoesNotExist() {
        Token mine = ONE.token("messages-read");
        assertThat(Map.of("accessRole", othersToken.role(), "createdBy", userOf(OTHER)))
                .allSatisfy((filter, id) -> {
                    Answer foreign = list("/api/v2/apitokens?" + filter + "=" + id);
                    assertThat(foreign.status()).isEqualTo(400);
                    assertThat(foreign.comparable())
                            .isEqualTo(list("/api/v2/apitokens?" + filter + "=" + ABSENT)
                                    .comparable());
                });
        assertThat(list("/api/v2/users?accessRole=" + othersToken.role()).comparable())
                .isEqualTo(list("/api/v2/users?accessRole=" + ABSENT).comparable())
                .startsWith("400");
        for (String filter : List.of("id", "ids")) {
            String users = "/api/v2/users?isBot=all&" + filter + "=";
            assertThat(list(users + othersToken.user()).comparable())
                    .isEqualTo(list(users + ABSENT).comparable())
                    .startsWith("200");
        }
        assertThat(list("/api/v2/users?email=" + OTHER.email()).comparable())
                .isEqualTo(list("/api/v2/users?email=nobody@example.com").comparable());
        String ids = "?isActive=all&count=true&ids=" + mine.id() + "&ids=";
        assertThat(list("/api/v2/apitokens" + ids + othersToken.id()).comparable())
                .isEqualTo(list("/api/v2/apitokens" + ids + ABSENT).comparable())
                .contains("\"count\":1");
        assertThat(list("/api/v2/accessroles?ids=" + othersToken.role()).comparable())
                .isEqualTo(list("/api/v2/accessroles?ids=" + ABSENT).comparable());
    }

    @Test
    void aListHoldsNothingOfTheOtherCompany() {
        for (int i = 0; i < 3; i++) {
            ONE.token("messages-read");
            ONE.person();
            OTHER.token("messages-read");
            OTHER.person();
        }
        for (Tenant company : List.of(ONE, OTHER)) {
            company.api()
                    .post(Talk.CHANNELS, Tenant.with(Talk.newChannel(), "nameDisplay", "Orders"))
                    .expect(201);
        }
        for (String path : List.of("/api/v2/apitokens", "/api/v2/accessroles", "/api/v2/users", Talk.CHANNELS)) {
            String othersCursor = Wire.get(path + "?limit=1")
                    .bearer(OTHER.bearer())
                    .to(Node.one())
                    .json()
                    .at("/data/nextCursor")
                    .asString();
            for (String query : List.of(
                    "?limit=100&isActive=all",
                    "?limit=100&count=true",
                    "?limit=100&search=o",
                    "?limit=100&orderBy=asc&sortBy=name",
                    "?limit=100&created_gt=2000-01-01",
                    "?limit=100&cursor=" + othersCursor)) {
                Answer answer = list(path + query);
                assertThat(answer.status()).as(path + query).isEqualTo(200);
                assertThat(answer.json().at("/data").findValues("company"))
                        .extracting(company -> (company.isObject() ? company.path("_id") : company).asString())
                        .allMatch(ONE.id()::equals);
                assertThat(answer.body())
                        .contains(query.contains("cursor") ? "data" : ONE.id())
                        .doesNotContain(OTHER.id(), othersToken.id(), othersToken.role(), othersChannel);
            }
        }
    }

    @Test
    void aCodeThatTheOtherCompanyUsesIsFree() {
        Map<String, Object> same = Map.of(
                "name",
                "Same",
                "code",
                othersToken.code(),
                "userBotName",
                "Same",
                "accessRoles",
                List.of(ONE.role("messages-read")));
        assertThat(Tenant.post(ONE.admin(), "/api/v2/apitokens", same)
                        .at("/data/code")
                        .asString())
                .isEqualTo(othersToken.code());
    }

    @Test
    void aRoleOfTheOtherCompanyGivesNothingEvenWhereARowNamesIt() {
        Token mine = ONE.token("messages-read");
        String everything = OTHER.role("*");
        assertThat(Tables.update(
                        "update users set access_roles = access_roles || ?::text where id = ?",
                        everything,
                        mine.user()))
                .isOne();
        Answer answer = Wire.get("/api/v2/apitokens").bearer(mine.secret()).to(Node.one());
        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void theCompanyThatAnAccessTokenNamesIsNotBelieved() {
        String claims =
                new String(Base64.getUrlDecoder().decode(ONE.bearer().split("\\.", -1)[1]), StandardCharsets.UTF_8);
        Keys keys = Node.one().bean(Keys.class);
        String crossed = Jwts.builder()
                .header()
                .keyId(keys.currentId())
                .and()
                .id(JSON.readTree(claims).path("jti").asString())
                .claim("_id", JSON.readTree(claims).path("_id").asString())
                .claim("role", "admin")
                .claim("company", OTHER.id())
                .expiration(Date.from(Instant.now().plusSeconds(60)))
                .signWith(keys.current(Purpose.ACCESS_TOKEN))
                .compact();
        Answer me = Wire.get("/api/v2/users/me").bearer(crossed).to(Node.one());
        assertThat(me.status()).isEqualTo(200);
        assertThat(me.json().at("/data/company/_id").asString()).isEqualTo(ONE.id());
    }

    private Answer at(Route route, String id) {
        String path = route.path()
                .replace("{iso}", "2020-01-01")
                .replace("{emoji}", "x")
                .replaceAll("\\{\\w+}", id);
        Wire request = Wire.request(route.method(), path).bearer(ONE.bearer());
        return (switch (route.method()) {
                    case "GET" -> request;
                    case "PATCH" -> request.json("{\"%s\": \"Stolen\"}".formatted(editable(path)));
                    default -> Accepted.by(route.handler()).body() == Accepted.Body.NONE ? request : request.json("{}");
                })
                .to(Node.one());
    }

    /** A field of what stands there that an edit may name. */
    private static String editable(String path) {
        return path.startsWith(Talk.MESSAGES) ? "content" : path.startsWith(Talk.CHANNELS) ? "nameDisplay" : "name";
    }

    private Answer withRole(String call, String role) {
        Map<String, Object> body = switch (call) {
            case "POST /api/v2/apitokens" -> Tenant.newToken(role);
            case "POST /api/v2/users" -> Tenant.newPerson(role);
            default -> Map.of("accessRoles", List.of(role));
        };
        String[] parts = call.split(" ", 2);
        return Wire.request(parts[0], parts[1])
                .bearer(ONE.bearer())
                .json(JSON.writeValueAsString(body))
                .to(Node.one());
    }

    private Answer list(String target) {
        return Wire.get(target).bearer(ONE.bearer()).to(Node.one());
    }

    private static String userOf(Tenant company) {
        return Wire.get("/api/v2/users/me")
                .bearer(company.bearer())
                .to(Node.one())
                .json()
                .at("/data/_id")
                .asString();
    }
}
