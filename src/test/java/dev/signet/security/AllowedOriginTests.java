package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.Wire.Header;
import dev.signet.platform.StartRefusedException;
import java.util.List;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Pages of the origins that the operator names may call the API with a bearer token; those of all others may not. */
class AllowedOriginTests {

    private static final String PANEL = "https://panel.example";
    private static final String LOCAL = "http://localhost:5173";
    private static final List<String> OTHERS = List.of(
            "https://evil.example",
            "http://panel.example",
            "https://panel.example:8443",
            "https://panel.example.evil.example",
            "https://panel.example/",
            "http://localhost",
            "null",
            "*",
            "nonsense",
            "");
    private static final String ME = "/api/v2/users/me";
    private static final Tenant COMPANY = Tenant.create();
    private static final Node NODE =
            Node.apart(List.of("signet.allowed-origins=HTTPS://Panel.example, http://localhost:5173"));

    @AfterAll
    static void close() {
        NODE.close();
    }

    @Test
    void aPageOfAnAllowedOriginIsToldWithoutATokenWhatItMaySend() {
        for (String origin : List.of(PANEL, LOCAL)) {
            Answer answer = preflight(origin, "PATCH", "authorization,if-match,x-other");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(origin);
            assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("PATCH");
            assertThat(answer.header("Access-Control-Allow-Headers"))
                    .isEqualTo(
                            "Authorization, Content-Type, If-Match, Idempotency-Key, Accept-Language, Admin, Company");
            assertThat(answer.header("Access-Control-Allow-Credentials")).isNull();
            assertThat(answer.body()).isEmpty();
        }
        assertThat(preflight(PANEL, "POST", "x-other").header("Access-Control-Allow-Headers"))
                .doesNotContain("x-other");
    }

    @Test
    void aPageOfAnAllowedOriginReadsAnswersAndRefusals() {
        for (Answer answer : List.of(
                Wire.get(ME).bearer(COMPANY.bearer()).header("Origin", PANEL).to(NODE),
                Wire.get(ME).header("Origin", PANEL).to(NODE),
                Wire.get(ME).bearer("x").header("Origin", PANEL).to(NODE),
                Wire.get("/api/v2/nonsense")
                        .bearer(COMPANY.bearer())
                        .header("Origin", PANEL)
                        .to(NODE))) {
            assertThat(answer.status()).isIn(200, 401, 404);
            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(PANEL);
            assertThat(answer.header("Access-Control-Expose-Headers"))
                    .isEqualTo("ETag, Location, Link, Retry-After, Token-Expiration, Idempotent-Replayed");
            assertThat(answer.header("Access-Control-Allow-Credentials")).isNull();
        }
    }

    @Test
    void thePagesOfOthersAreToldNothingAndTheirCallsAnsweredAsAnybodys() {
        for (String origin : OTHERS) {
            assertUntouched(NODE, origin);
        }
        for (String origin : List.of(PANEL, LOCAL, "https://evil.example")) {
            assertUntouched(Node.one(), origin);
        }
    }

    @Test
    void theCookieIsOfNoUseToAnAllowedOriginEither() {
        Answer answer = Wire.request("POST", "/auth/refresh")
                .header("Origin", PANEL)
                .header("Cookie", "signet_refresh=x")
                .to(NODE);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("foreign_origin");
    }

    @Test
    void aPictureIsOneSameAnswerForAll() {
        Answer answer =
                Wire.get("/avatars/initials/AB/1.svg").header("Origin", PANEL).to(NODE);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).extracting(Header::name).doesNotContain("Vary", "Access-Control-Allow-Origin");
    }

    @Test
    void aSettingThatNamesNoOriginStopsTheStart() {
        for (String setting : List.of(
                "*",
                "null",
                "panel.example",
                "https://",
                "https://panel.example/",
                "https://panel.example/path",
                "https://*.example",
                "https://user@panel.example",
                "https://panel.example?x",
                "https://panel.example:443",
                "ftp://panel.example",
                "https://panel.example https://other.example",
                "")) {
            assertThatThrownBy(() -> new AllowedOrigins(List.of(setting)))
                    .as(setting)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessage("SIGNET_ALLOWED_ORIGINS contains an invalid origin: " + setting);
        }
        assertThatThrownBy(() -> Node.apart(List.of("signet.allowed-origins=*")).close())
                .satisfies(e -> assertThat(Throwables.getRootCause(e)).isInstanceOf(StartRefusedException.class));
    }

    private static void assertUntouched(Node node, String origin) {
        Answer asked = Wire.request("OPTIONS", ME)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET")
                .to(node);
        Answer known =
                Wire.get(ME).bearer(COMPANY.bearer()).header("Origin", origin).to(node);
        Answer unknown = Wire.get(ME).header("Origin", origin).to(node);
        assertThat(asked.status()).as(origin).isEqualTo(204);
        assertThat(known.status()).as(origin).isEqualTo(200);
        assertThat(unknown.status()).as(origin).isEqualTo(401);
        assertThat(unknown.code()).isEqualTo("unauthenticated");
        for (Answer answer : List.of(asked, known, unknown)) {
            assertThat(answer.headers()).extracting(Header::name).noneMatch(name -> name.startsWith("Access-Control"));
        }
    }

    private static Answer preflight(String origin, String method, String headers) {
        return Wire.request("OPTIONS", "/api/v2/apitokens/x")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", headers)
                .to(NODE);
    }
}
