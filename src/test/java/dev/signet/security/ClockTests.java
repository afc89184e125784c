package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import io.jsonwebtoken.Jwts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A node whose clock jumped lets nobody in whose time is over and keeps nobody out whose is not: the database's clock counts. */
class ClockTests {

    private static final String ME = "/api/v2/users/me";
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    private static final Node BEHIND = Node.apart(List.of(), Behind.class);
    private static final Node AHEAD = Node.apart(List.of(), Ahead.class);

    private final Tenant company = Tenant.create();

    @AfterAll
    static void stop() {
        BEHIND.close();
        AHEAD.close();
    }

    @Test
    void theirClocksAreOffAndNoOthers() {
        Instant now = Instant.now();
        assertThat(BEHIND.bean(Clock.class).instant()).isBefore(now.minus(Duration.ofDays(1)));
        assertThat(AHEAD.bean(Clock.class).instant()).isAfter(now.plus(Duration.ofDays(1)));
        assertThat(Node.one().bean(Clock.class).instant()).isBetween(now.minusSeconds(1), now.plusSeconds(60));
    }

    @Test
    void anExpiredTokenStaysRefused() {
        Token token = company.token("messages-read");
        Tables.update("update api_tokens set expires_at = now() where id = ?", token.id());

        Api.at(BEHIND, token.secret()).get(ME).expect(401, "token_expired");
    }

    @Test
    void aLivingTokenStaysGood() {
        Token token = company.token("messages-read");
        company.edit(token, Map.of("expiresAt", Instant.now().plus(Duration.ofHours(1))));

        Api.at(AHEAD, token.secret()).get(ME).expect(200);
    }

    @Test
    void anAccessTokenThatHasRunOutStaysRefused() {
        Api.at(BEHIND, accessToken(Instant.now().plusSeconds(60))).get(ME).expect(200);
        Api.at(BEHIND, accessToken(Instant.now().minusSeconds(1))).get(ME).expect(401, "invalid_token");
    }

    @Test
    void anAccessTokenStaysGood() {
        Api.at(AHEAD, company.bearer()).get(ME).expect(200);
    }

    @Test
    void aSessionThatNobodyUsedForLongStaysEnded() {
        Tables.update(
                "update sessions set refreshed_at = now() - interval '12 hours'"
                        + " where user_id in (select id from users where company_id = ?)",
                company.id());

        Api.at(BEHIND, company.bearer()).get(ME).expect(401, "invalid_token");
    }

    @Test
    void whatSuchANodeIssuesIsGoodElsewhereForItsTime() {
        for (Node node : List.of(BEHIND, AHEAD)) {
            String access = Api.at(node, null)
                    .post("/auth/local", Map.of("email", company.email(), "password", Tenant.PASSWORD))
                    .expect(200)
                    .body()
                    .path("token")
                    .asString();
            Api.at(Node.one(), access).get(ME).expect(200);
        }
    }

    /** One of the administrator's session, with another end. */
    private String accessToken(Instant end) {
        JsonNode claims = JsonMapper.shared()
                .readTree(new String(
                        Base64.getUrlDecoder().decode(company.bearer().split("\\.", -1)[1]), StandardCharsets.UTF_8));
        Keys keys = Node.one().bean(Keys.class);
        return Jwts.builder()
                .header()
                .keyId(keys.currentId())
                .and()
                .id(claims.path("jti").asString())
                .claim("_id", claims.path("_id").asString())
                .expiration(Date.from(end))
                .signWith(keys.current(Purpose.ACCESS_TOKEN))
                .compact();
    }

    @Configuration(proxyBeanMethods = false)
    static class Behind {
        @Bean
        @Primary
        Clock behind() {
            return Clock.offset(Clock.systemUTC(), TWO_DAYS.negated());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Ahead {
        @Bean
        @Primary
        Clock ahead() {
            return Clock.offset(Clock.systemUTC(), TWO_DAYS);
        }
    }
}
