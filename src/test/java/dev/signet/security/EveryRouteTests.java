package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Forgery;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.access.Catalogue;
import dev.signet.access.Needs;
import dev.signet.access.Permissions;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One walk over all routes there are, those of tomorrow too: who is let in where. */
class EveryRouteTests {

    private static final String NOBODYS_ID = "ffffffffffffffffffffffff";
    private static final String REALM = "Bearer realm=\"signet\"";
    private static final String INVALID = REALM + ", error=\"invalid_token\"";

    private static final Tenant COMPANY = Tenant.create();

    private static final List<Route> ROUTES = Node.one().bean(Routes.class).all();
    private static final List<Route> CLOSED =
            ROUTES.stream().filter(route -> !route.open()).toList();

    @Test
    void withoutATokenARouteAsksForOne() {
        assertThat(CLOSED).hasSizeGreaterThan(8).allSatisfy(route -> {
            Answer answer = garbage(route).to(Node.one());
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo(REALM);
            assertThat(answer.code()).isEqualTo("unauthenticated");
        });
    }

    @Test
    void whoHoldsNoSecretGetsOneSameRefusalOnARoute() {
        List<String> unheld =
                Stream.concat(unheldSecrets(), unheldAccessTokens()).toList();
        assertThat(CLOSED).allSatisfy(route -> {
            Set<String> answers = new TreeSet<>();
            for (String token : unheld) {
                Answer answer = garbage(route).bearer(token).to(Node.one());
                assertThat(answer.status()).as(token).isEqualTo(401);
                assertThat(answer.header("WWW-Authenticate")).isEqualTo(INVALID);
                assertThat(answer.code()).isEqualTo("invalid_token");
                answers.add(answer.comparable());
            }
            assertThat(answers).hasSize(1);
        });
    }

    @Test
    void whoHoldsTheSecretIsToldOnARouteWhyItIsRefused() {
        Token expired = COMPANY.token("*");
        Tables.update("update api_tokens set expires_at = now() where id = ?", expired.id());
        Token inactive = COMPANY.token("*");
        COMPANY.edit(inactive, Map.of("isActive", false));
        Token revoked = COMPANY.token("*");
        COMPANY.revoke(revoked);

        Map<Token, String> refusals =
                Map.of(expired, "token_expired", inactive, "token_inactive", revoked, "token_revoked");
        assertThat(CLOSED)
                .allSatisfy(route -> refusals.forEach((token, code) -> {
                    Answer answer = garbage(route).bearer(token.secret()).to(Node.other());
                    assertThat(answer.status()).isEqualTo(401);
                    assertThat(answer.header("WWW-Authenticate")).isEqualTo(INVALID);
                    assertThat(answer.code()).isEqualTo(code);
                    assertThat(answer.json().path("detail").asString()).contains(COMPANY.email());
                }));
    }

    @Test
    void aRouteNamesThePermissionThatIsMissingBeforeItReadsTheBody() {
        List<Route> guarded =
                CLOSED.stream().filter(route -> route.needs() != null).toList();
        assertThat(guarded).hasSizeGreaterThan(7).allSatisfy(route -> {
            String needed = Objects.requireNonNull(route.needs());
            Token token = COMPANY.token(allBut(Objects.requireNonNull(route.rule())));
            Answer answer = garbage(route).bearer(token.secret()).to(Node.one());
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("WWW-Authenticate"))
                    .isEqualTo(REALM + ", error=\"insufficient_scope\", scope=\"" + needed + "\"");
            assertThat(answer.json().path("requiredPermissions")).hasToString("[\"" + needed + "\"]");
        });
    }

    @Test
    void aRouteLetsInWhoHoldsItsPermissionAlone() {
        assertThat(CLOSED).allSatisfy(route -> {
            Token token = COMPANY.token(route.needs() == null ? "messages-read" : route.needs());
            Answer answer = garbage(route).bearer(token.secret()).to(Node.one());
            assertThat(answer.status()).isNotIn(401, 403).isLessThan(500);
        });
    }

    @Test
    void anOpenRouteAnswersWithoutAToken() {
        List<Route> open = ROUTES.stream().filter(Route::open).toList();
        // of another site's page, so that even those answer that want a cookie
        assertThat(open).isNotEmpty().allSatisfy(route -> {
            Answer answer =
                    garbage(route).header("Origin", "https://elsewhere.example").to(Node.one());
            assertThat(answer.status()).isNotEqualTo(401).isLessThan(500);
        });
        assertThat(List.of("/actuator/health", "/actuator/health/readiness", "/v3/api-docs"))
                .allSatisfy(path ->
                        assertThat(Wire.get(path).to(Node.one()).status()).isEqualTo(200));
    }

    @Test
    void nothingElseIsReachedWithoutAToken() {
        Stream<String> files = Stream.of(
                "/",
                "/index.html",
                "/favicon.ico",
                "/robots.txt",
                "/application.yaml",
                "/problems.properties",
                "/META-INF/MANIFEST.MF",
                "/WEB-INF/web.xml",
                "/db/migration/V1__one_token_end_to_end.sql",
                "/webjars/swagger-ui/index.html",
                "/webjars/swagger-ui/swagger-ui.css",
                "/error",
                "/login",
                "/logout",
                "/actuator",
                "/actuator/",
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/shutdown",
                "/actuator/healthz",
                "/v3/api-docsx",
                "/auth",
                "/auth/",
                "/auth/local/",
                "/auth/local/x",
                "/auth/refresh/..",
                "/auth/../api/v2/apitokens",
                "/auth/%2e%2e/api/v2/apitokens",
                "/auth/..;/api/v2/apitokens",
                "/swagger-ui/../api/v2/apitokens",
                "/swagger-ui/..%2fapi/v2/apitokens",
                "/swagger-ui/%2e%2e/%2e%2e/application.yaml",
                "/actuator/health/../env",
                "/actuator/health/..;/env",
                "/actuator/health/%2e%2e/env",
                "/actuator/health%2f..%2fenv",
                "/nonsense",
                "/api",
                "/api/v2",
                "/api/v3/apitokens",
                "*");
        Stream<String> disguised = CLOSED.stream()
                .filter(route -> route.method().equals("GET"))
                .map(EveryRouteTests::path)
                .flatMap(path -> Stream.of(
                        path + "/",
                        "/" + path,
                        path.replace("/v2/", "//v2/"),
                        path.replace("/v2/", "/./v2/"),
                        path.replace("/v2/", "/v2;x=y/"),
                        path + ";x=y",
                        path + ".json",
                        path + "%00",
                        path + "%0d%0a",
                        path + "%20",
                        path + "%2f",
                        path + "/%2e",
                        path.replace("/api", "/%61pi"),
                        path.replace("/api", "/API"),
                        path.replace("/api/v2", "/api%2fv2"),
                        path.replace("/api/v2", "\\api\\v2"),
                        "http://localhost" + path));
        Map<String, Integer> reached = new TreeMap<>();
        Stream.concat(files, disguised)
                .forEach(path -> reached.put(path, Wire.get(path).to(Node.one()).status()));
        // the container itself has nothing to give below these two
        assertThat(reached.remove("/META-INF/MANIFEST.MF")).isEqualTo(404);
        assertThat(reached.remove("/WEB-INF/web.xml")).isEqualTo(404);
        reached.values().removeAll(List.of(400, 401));
        assertThat(reached).isEmpty();
        assertThat(Wire.request("OPTIONS", "/api/v2/apitokens").to(Node.one()).status())
                .isEqualTo(204);
        assertThat(Stream.of("HEAD", "TRACE", "CONNECT", "PROPFIND", "get"))
                .allSatisfy(method -> assertThat(Wire.request(method, "/api/v2/apitokens")
                                .to(Node.one())
                                .status())
                        .isIn(400, 401, 405, 501));
    }

    @Test
    void whatIsNotThereStaysNotThereForWhoIsLetIn() {
        assertThat(Stream.of(
                        "/nonsense",
                        "/",
                        "/error",
                        "/actuator",
                        "/actuator/env",
                        "/api/v2/apitokens/",
                        "/api/v2/apitokens/" + NOBODYS_ID,
                        "/api/v2/apitokens/x/y/z",
                        "/webjars/swagger-ui/index.html",
                        "/application.yaml"))
                .allSatisfy(path -> {
                    Answer answer = Wire.get(path).bearer(COMPANY.bearer()).to(Node.one());
                    assertThat(answer.status()).isEqualTo(404);
                    assertThat(answer.code()).isEqualTo("not_found");
                });
        ROUTES.stream().map(Route::path).distinct().forEach(path -> {
            Set<String> allowed = new TreeSet<>(ROUTES.stream()
                    .filter(route -> route.path().equals(path))
                    .map(Route::method)
                    .toList());
            if (allowed.contains("DELETE")) {
                return;
            }
            Answer answer = Wire.request("DELETE", path.replaceAll("\\{\\w+}", NOBODYS_ID))
                    .bearer(COMPANY.bearer())
                    .to(Node.one());
            assertThat(answer.status()).as(path).isEqualTo(405);
            assertThat(answer.code()).isEqualTo("method_not_allowed");
            assertThat(new TreeSet<>(
                            Arrays.asList(String.valueOf(answer.header("Allow")).split(", ", -1))))
                    .containsAll(allowed)
                    .doesNotContain("DELETE");
        });
    }

    /** A request that is wrong in everything but its address: body, type, query and id. */
    private static Wire garbage(Route route) {
        Wire request = Wire.request(route.method(), path(route) + "?nonsense=1");
        return route.method().equals("GET") ? request : request.body("text/plain", "{\"nonsense\"");
    }

    private static String path(Route route) {
        return route.path().replaceAll("\\{\\w+}", NOBODYS_ID);
    }

    /** As much as one can hold without holding that. */
    private static String[] allBut(Needs needed) {
        return Node.one().bean(Catalogue.class).entries().stream()
                .map(Catalogue.Entry::name)
                .filter(name -> !Routes.opens(new Permissions(Set.copyOf(List.of(name))), needed))
                .toArray(String[]::new);
    }

    private static Stream<String> unheldSecrets() {
        String good = COMPANY.token("*").secret();
        char last = good.charAt(good.length() - 1);
        return Stream.of(
                "x",
                "null",
                "undefined",
                "*",
                good.substring(0, good.length() - 1),
                good + "0",
                good.substring(0, good.length() - 1) + (last == '0' ? '1' : '0'),
                good.toLowerCase(Locale.ROOT),
                good.replace("sgt_", "sgt-"),
                "sgt_000000000000_" + "0".repeat(43) + "000000",
                // well formed, of nobody: its checksum is right
                Forgery.secret("NobodyHasMe1"),
                // a real public id with another secret behind it
                Forgery.secret(Forgery.publicId(good)));
    }

    private static Stream<String> unheldAccessTokens() {
        String real = COMPANY.bearer();
        String[] parts = real.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String session = claims.replaceAll(".*\"jti\":\"(\\w+)\".*", "$1");
        String user = claims.replaceAll(".*\"_id\":\"(\\w+)\".*", "$1");
        Keys keys = Node.one().bean(Keys.class);
        Instant now = Instant.now();
        Keys others = Keys.parse(Base64.getEncoder().encodeToString(new byte[32]));
        return Stream.of(
                // ended, for an unknown session, for a session of somebody else, without an end
                claims(session, user, now.minusSeconds(1))
                        .signWith(keys.current(Purpose.ACCESS_TOKEN))
                        .compact(),
                claims(NOBODYS_ID, user, now.plusSeconds(60))
                        .signWith(keys.current(Purpose.ACCESS_TOKEN))
                        .compact(),
                claims(session, NOBODYS_ID, now.plusSeconds(60))
                        .signWith(keys.current(Purpose.ACCESS_TOKEN))
                        .compact(),
                Jwts.builder()
                        .header()
                        .keyId(keys.currentId())
                        .and()
                        .id(session)
                        .claim("_id", user)
                        .signWith(keys.current(Purpose.ACCESS_TOKEN))
                        .compact(),
                // under another key, another purpose's key, another algorithm, none
                claims(session, user, now.plusSeconds(60))
                        .signWith(others.current(Purpose.ACCESS_TOKEN))
                        .compact(),
                claims(session, user, now.plusSeconds(60))
                        .signWith(keys.current(Purpose.API_TOKEN))
                        .compact(),
                claims(session, user, now.plusSeconds(60))
                        .signWith(Jwts.SIG.HS512.key().build())
                        .compact(),
                claims(session, user, now.plusSeconds(60)).compact(),
                parts[0] + "." + parts[1] + ".",
                encoded("{\"alg\":\"none\"}") + "." + parts[1] + ".",
                encoded("{\"alg\":\"HS256\",\"kid\":null}") + "." + parts[1] + "." + parts[2],
                encoded("{\"alg\":\"HS256\",\"kid\":[1]}") + "." + parts[1] + "." + parts[2],
                encoded("{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}") + "." + parts[1] + "." + parts[2],
                parts[0] + "." + encoded(claims.replace("\"role\"", "\"rule\"")) + "." + parts[2],
                parts[0] + "." + parts[1],
                "..",
                "a.b.c",
                real + "x");
    }

    private static JwtBuilder claims(String session, String user, Instant end) {
        return Jwts.builder()
                .header()
                .keyId(Node.one().bean(Keys.class).currentId())
                .and()
                .id(session)
                .claim("_id", user)
                .claim("role", "user")
                .claim("company", COMPANY.id())
                .issuedAt(Date.from(end.minus(Duration.ofMinutes(15))))
                .expiration(Date.from(end));
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
