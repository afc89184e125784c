package dev.signet.session;

import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Output;
import dev.signet.RowLock;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import io.jsonwebtoken.Jwts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A session is a row: what ends it ends its access tokens at the very next request, on every node. */
class SessionTests {

    private static final String ME = "/api/v2/users/me";
    private static final Pattern COOKIE = Pattern.compile("^signet_refresh=([^;]+); (.*)$");

    private final Tenant company = Tenant.create();

    /** What signing in gives. */
    private record SignedIn(String access, String refresh) {}

    @Test
    void anAccessTokenNamesItsSessionAndNoRights() {
        SignedIn session = signIn();
        JsonNode header = part(session.access(), 0);
        JsonNode claims = part(session.access(), 1);

        assertThat(header.path("alg").asString()).isEqualTo("HS256");
        assertThat(header.path("kid").asString()).isNotBlank();
        assertThat(claims.propertyNames()).containsExactlyInAnyOrder("_id", "role", "company", "jti", "iat", "exp");
        assertThat(claims.path("_id").asString()).matches("[0-9a-f]{24}");
        assertThat(claims.path("role").asString()).isEqualTo("user");
        assertThat(claims.path("company").asString()).isEqualTo(company.id());
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(15 * 60);
    }

    @Test
    void onlyOurOwnSignatureByTheOneAlgorithmIsTaken() {
        String access = signIn().access();
        JsonNode claims = part(access, 1);
        Keys keys = Node.one().bean(Keys.class);
        var ours = Jwts.builder()
                .header()
                .keyId(keys.currentId())
                .and()
                .claim("_id", claims.path("_id").asString())
                .id(claims.path("jti").asString())
                .expiration(Date.from(Instant.now().plusSeconds(60)));
        String good = ours.signWith(keys.current(Purpose.ACCESS_TOKEN), Jwts.SIG.HS256)
                .compact();
        assertAccess(good, 200);

        String otherPurpose = ours.signWith(keys.current(Purpose.REFRESH_SECRET), Jwts.SIG.HS256)
                .compact();
        String otherKey =
                ours.signWith(Jwts.SIG.HS256.key().build(), Jwts.SIG.HS256).compact();
        String otherAlgorithm =
                ours.signWith(Jwts.SIG.HS512.key().build(), Jwts.SIG.HS512).compact();
        String none = Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
                + "." + text(access, 1) + ".";
        String tampered = text(access, 0) + "." + text(good, 1) + "." + text(access, 2);
        for (String forged : List.of(otherPurpose, otherKey, otherAlgorithm, none, tampered, access + "x")) {
            assertAccess(forged, 401);
        }
    }

    @Test
    void anExpiredAccessTokenIsRefusedByTheDatabasesClock() {
        JsonNode claims = part(signIn().access(), 1);
        Keys keys = Node.one().bean(Keys.class);
        assertAccess(
                Jwts.builder()
                        .header()
                        .keyId(keys.currentId())
                        .and()
                        .claim("_id", claims.path("_id").asString())
                        .id(claims.path("jti").asString())
                        .expiration(Date.from(Instant.now().minusSeconds(1)))
                        .signWith(keys.current(Purpose.ACCESS_TOKEN), Jwts.SIG.HS256)
                        .compact(),
                401);
    }

    @Test
    void refreshingGivesTheNextAccessTokenAndTheNextSecret() {
        SignedIn session = signIn();
        Answer next = refresh(session.refresh()).expect(200);

        assertThat(next.body().propertyNames()).containsExactlyInAnyOrder("token", "expiresIn");
        assertThat(next.body().path("expiresIn").asInt()).isEqualTo(900);
        assertAccess(next.body().path("token").asString(), 200);
        assertThat(cookie(next)).isNotEqualTo(session.refresh());
        assertThat(next.header("Set-Cookie"))
                .contains("; Path=/auth", "; HttpOnly", "; SameSite=Strict", "; Max-Age=43200")
                .doesNotContain("Secure", "Domain");
        refresh(cookie(next)).expect(200);
    }

    @Test
    void underHttpsTheCookieIsForHttpsAlone() {
        try (Node node = Node.apart(List.of("signet.public-url=https://signet.example"))) {
            assertThat(Api.at(node, null)
                            .post("/auth/local", Map.of("email", company.email(), "password", Tenant.PASSWORD))
                            .header("Set-Cookie"))
                    .contains("; Secure");
        }
    }

    @Test
    void aReplacedSecretIsGoodForHalfAMinuteAndAfterThatEndsTheSession() {
        SignedIn session = signIn();
        String next = cookie(refresh(session.refresh()).expect(200));

        Answer overlapping = refresh(session.refresh()).expect(200);
        assertAccess(overlapping.body().path("token").asString(), 200);
        assertThat(overlapping.header("Set-Cookie")).isEmpty();

        ageReplacements(session, "31 seconds");
        refresh(session.refresh()).expect(401, "session_ended");
        refresh(next).expect(401, "session_ended");
        assertAccess(session.access(), 401);
    }

    @Test
    void aSecretKeepsItsHalfMinuteWhileOthersAreReplaced() {
        SignedIn session = signIn();
        String second = cookie(refresh(session.refresh()));
        ageReplacements(session, "20 seconds");
        String third = cookie(refresh(second));

        refresh(session.refresh()).expect(200);
        ageReplacements(session, "15 seconds");
        refresh(second).expect(200);
        refresh(third).expect(200);

        refresh(session.refresh()).expect(401);
        assertAccess(session.access(), 401);
    }

    @Test
    void aSecretFromLongBeforeEndsTheSession() {
        SignedIn session = signIn();
        String last = session.refresh();
        for (int i = 0; i < 12; i++) {
            last = cookie(refresh(last).expect(200));
        }
        refresh(session.refresh()).expect(401);
        refresh(last).expect(401);
    }

    @Test
    void aSecretFromBeforeCookiesNamedTheirKeyIsGood() {
        SignedIn session = signIn();
        String older = session.refresh().replaceFirst("\\.[0-9a-f]{8}\\.", ".");
        assertThat(older.split("\\.")).hasSize(3);
        refresh(older.replaceFirst("\\.0\\.", ".1.")).expect(401);
        refresh(older).expect(200);
    }

    @Test
    void aForgedSecretIsRefusedAndEndsNothing() {
        SignedIn session = signIn();
        String forged = session.refresh().replaceFirst("\\.0\\.", ".7.");
        refresh(forged).expect(401);
        refresh("nonsense").expect(401);
        Api.as(null).post("/auth/refresh", null).expect(401, "cookie_missing");
        assertAccess(session.access(), 200);
    }

    @Test
    void aRefusedRefreshSpeaksOfTheCookieAndNotOfABearerToken() {
        for (String language : List.of("en", "es")) {
            for (Api api : List.of(Api.as(null), withCookie("nonsense"))) {
                Answer refused = api.with("Accept-Language", language)
                        .post("/auth/refresh", null)
                        .expect(401);
                assertThat(refused.body().path("detail").asString())
                        .contains("cookie")
                        .doesNotContainIgnoringCase("bearer");
                assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"signet\"");
            }
        }
    }

    @Test
    void aReplayedSecretLeavesATrace() {
        SignedIn session = signIn();
        refresh(session.refresh()).expect(200);
        ageReplacements(session, "31 seconds");
        try (Output output = Output.at(Level.WARN, SessionService.class.getName())) {
            refresh(session.refresh()).expect(401);
            refresh(session.refresh()).expect(401);
            assertThat(output.text()).containsOnlyOnce("A replaced refresh secret was used again");
        }
        JsonNode rows = company.api()
                .get("/api/v2/auditlogs?event=refresh-replayed")
                .expect(200)
                .data()
                .path("auditLogs");
        assertThat(rows.size()).isEqualTo(1);
        JsonNode row = rows.get(0);
        assertThat(row.path("model").asString()).isEqualTo("Session");
        assertThat(row.path("item").asString()).isEqualTo(session.refresh().substring(0, 24));
        assertThat(row.at("/actor/email").asString()).isEqualTo(company.email());
    }

    @Test
    void aSecretOfAnEndedSessionIsNoReplay() {
        SignedIn session = signIn();
        age(session, "refreshed_at", "12 hours");
        refresh(session.refresh()).expect(401, "session_ended");
        assertThat(Tenant.events(session.refresh().substring(0, 24))).isEmpty();
    }

    @Test
    void aSessionEndsAfterTwelveHoursUnusedAndAfterThirtyDays() {
        SignedIn unused = signIn();
        age(unused, "refreshed_at", "12 hours");
        assertAccess(unused.access(), 401);
        refresh(unused.refresh()).expect(401);

        SignedIn old = signIn();
        age(old, "created_at", "30 days");
        assertAccess(old.access(), 401);
        refresh(old.refresh()).expect(401);
    }

    @Test
    void signingOutEndsThisSessionOrAll() {
        SignedIn one = signIn();
        SignedIn two = signIn();
        SignedIn three = signIn();

        Api.as(one.access()).post("/auth/logout", null).expect(204);
        assertEnded(one);
        assertAccess(two.access(), 200);

        withCookie(two.refresh()).post("/auth/logout", Map.of()).expect(204);
        assertEnded(two);
        assertAccess(three.access(), 200);

        SignedIn idle = signIn();
        Api.as("run.out.token")
                .with("Cookie", "signet_refresh=" + idle.refresh())
                .post("/auth/logout", null)
                .expect(204);
        assertEnded(idle);

        SignedIn four = signIn();
        Api.as(three.access()).post("/auth/logout", Map.of("everywhere", true)).expect(204);
        assertEnded(three);
        assertEnded(four);
        Api.as(null).post("/auth/logout", null).expect(401);
    }

    @Test
    void aPageOfAnotherSiteCannotUseTheCookie() {
        SignedIn session = signIn();
        for (String origin : List.of("https://evil.example", "null", "http://localhost", "http://localhost:1")) {
            withCookie(session.refresh())
                    .with("Origin", origin)
                    .post("/auth/refresh", null)
                    .expect(403, "foreign_origin");
            withCookie(session.refresh())
                    .with("Origin", origin)
                    .post("/auth/logout", null)
                    .expect(403, "foreign_origin");
        }
        String own = "https://localhost:" + Node.one().port();
        withCookie(session.refresh())
                .with("Origin", own)
                .post("/auth/refresh", null)
                .expect(200);
    }

    @Test
    void whoIsDeactivatedIsOutAtOnceAndForGood() {
        Person person = company.person();
        company.signIn(person);
        SignedIn session = signIn(person.email(), Tenant.PASSWORD);
        company.api().patch(person.path(), Map.of("isActive", false)).expect(200);
        assertEnded(session);

        company.api().patch(person.path(), Map.of("isActive", true)).expect(200);
        assertEnded(session);
        assertAccess(signIn(person.email(), Tenant.PASSWORD).access(), 200);
    }

    @Test
    void aSignInUnderWayDoesNotOutliveADeactivation() throws Exception {
        Person person = company.person();
        company.signIn(person);
        CompletableFuture<Answer> off;
        CompletableFuture<Answer> signIn;
        try (RowLock lock = RowLock.on("users", person.id())) {
            off = supplyAsync(() -> company.api().patch(person.path(), Map.of("isActive", false)));
            lock.awaitWaiting(1);
            signIn = supplyAsync(() -> Api.at(Node.other(), null)
                    .post("/auth/local", Map.of("email", person.email(), "password", Tenant.PASSWORD)));
            lock.awaitWaiting(2);
        }
        off.join().expect(200);
        signIn.join().expect(401, "signin_failed");
    }

    @Test
    void aDeactivationEndsTheSessionThatBeganJustBefore() throws Exception {
        Person person = company.person();
        company.signIn(person);
        CompletableFuture<Answer> signIn;
        CompletableFuture<Answer> off;
        try (RowLock lock = RowLock.on("users", person.id())) {
            signIn = supplyAsync(() -> Api.at(Node.other(), null)
                    .post("/auth/local", Map.of("email", person.email(), "password", Tenant.PASSWORD)));
            lock.awaitWaiting(1);
            off = supplyAsync(() -> company.api().patch(person.path(), Map.of("isActive", false)));
            lock.awaitWaiting(2);
        }
        off.join().expect(200);
        company.api().patch(person.path(), Map.of("isActive", true)).expect(200);
        Answer began = signIn.join().expect(200);
        assertEnded(new SignedIn(began.body().path("token").asString(), cookie(began)));
    }

    @Test
    void aNewPasswordEndsTheOtherSessions() {
        SignedIn one = signIn();
        SignedIn other = signIn();
        Api.as(one.access())
                .put(ME + "/password", Map.of("current", Tenant.PASSWORD, "next", "nine green owls at dusk"))
                .expect(204);
        assertEnded(other);
        assertAccess(one.access(), 200);
        refresh(one.refresh()).expect(200);
    }

    @Test
    void aGeneratedPasswordEndsAllSessions() {
        Person person = company.person();
        company.signIn(person);
        SignedIn one = signIn(person.email(), Tenant.PASSWORD);
        SignedIn two = signIn(person.email(), Tenant.PASSWORD);
        company.api().post(person.path() + "/password", null).expect(200);
        assertEnded(one);
        assertEnded(two);
    }

    private SignedIn signIn() {
        return signIn(company.email(), Tenant.PASSWORD);
    }

    private static SignedIn signIn(String email, String password) {
        Answer answer = Api.as(null)
                .post("/auth/local", Map.of("email", email, "password", password))
                .expect(200);
        return new SignedIn(answer.body().path("token").asString(), cookie(answer));
    }

    private static Api withCookie(String refresh) {
        return Api.as(null).with("Cookie", "signet_refresh=" + refresh);
    }

    private static Answer refresh(String secret) {
        return withCookie(secret).post("/auth/refresh", null);
    }

    private static String cookie(Answer answer) {
        Matcher cookie = COOKIE.matcher(answer.header("Set-Cookie"));
        assertThat(cookie.matches()).as(answer.header("Set-Cookie")).isTrue();
        return cookie.group(1);
    }

    private static void assertAccess(String access, int status) {
        Api.at(Node.other(), access).get(ME).expect(status);
    }

    private static void assertEnded(SignedIn session) {
        assertAccess(session.access(), 401);
        refresh(session.refresh()).expect(401);
    }

    private static void age(SignedIn session, String column, String by) {
        Node.sql("update sessions set " + column + " = " + column + " - cast(? as interval) where id = ?")
                .param(by)
                .param(session.refresh().substring(0, 24))
                .update();
    }

    private static void ageReplacements(SignedIn session, String by) {
        Node.sql(
                        "update sessions set replaced_at = array(select at - cast(? as interval) from unnest(replaced_at) at) where id = ?")
                .param(by)
                .param(session.refresh().substring(0, 24))
                .update();
    }

    private static String text(String jwt, int index) {
        return List.of(jwt.split("\\.", -1)).get(index);
    }

    private static JsonNode part(String jwt, int index) {
        return new JsonMapper().readTree(Base64.getUrlDecoder().decode(text(jwt, index)));
    }
}
