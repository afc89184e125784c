package dev.signet.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A page of another site can do nothing with the cookie of who is signed in here. */
class OtherSiteTests {

    private static final Tenant COMPANY = Tenant.create();

    private final Answer signedIn = Wire.request("POST", "/auth/local")
            .json("{\"email\": \"%s\", \"password\": \"%s\"}".formatted(COMPANY.email(), Tenant.PASSWORD))
            .to(Node.one());
    private final String setCookie = String.valueOf(signedIn.header("Set-Cookie"));
    private final String cookie = setCookie.substring(0, setCookie.indexOf(';'));

    @Test
    void theCookieIsForThisSiteAlone() {
        assertThat(setCookie)
                .contains("; HttpOnly", "; SameSite=Strict", "; Path=/auth;")
                .doesNotContain("Domain");
    }

    @Test
    void aPageOfAnotherOriginCannotUseTheCookie() {
        for (String origin : List.of(
                "https://elsewhere.example",
                "http://localhost",
                "http://localhost:1",
                "http://localhost." + Node.one().port() + ".example",
                "http://evil@localhost:" + Node.one().port(),
                "http://localhost:" + Node.one().port() + ".example",
                "http://127.0.0.1:" + Node.one().port(),
                "null",
                "localhost:" + Node.one().port(),
                "file://",
                "http://",
                ":",
                "")) {
            for (String path : List.of("/auth/refresh", "/auth/logout")) {
                Answer answer = post(path).header("Origin", origin).to(Node.one());
                assertThat(answer.status()).as(path + " from " + origin).isEqualTo(403);
                assertThat(answer.code()).isEqualTo("foreign_origin");
                assertThat(answer.header("Set-Cookie")).isNull();
                assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
            }
        }
        assertThat(stillSignedIn()).isTrue();
    }

    @Test
    void ownPagesAndOtherClientsCanUseTheCookie() {
        String own = "http://localhost:" + Node.one().port();
        Answer refreshed = post("/auth/refresh").header("Origin", own).to(Node.one());
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(stillSignedIn()).isTrue();
    }

    @Test
    void whatAFormOfAnotherPageCouldSendIsNotRead() {
        String signOut = "{\"everywhere\": true}";
        for (String type :
                List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")) {
            assertThat(post("/auth/logout").body(type, signOut).to(Node.one()).status())
                    .as(type)
                    .isEqualTo(415);
            assertThat(Wire.request("POST", "/auth/local")
                            .body(
                                    type,
                                    "{\"email\": \"%s\", \"password\": \"%s\"}"
                                            .formatted(COMPANY.email(), Tenant.PASSWORD))
                            .to(Node.one())
                            .status())
                    .as(type)
                    .isEqualTo(415);
        }
        assertThat(stillSignedIn()).isTrue();
    }

    @Test
    void theCookieAloneOpensNothingElse() {
        assertThat(Wire.get("/api/v2/users/me")
                        .header("Cookie", cookie)
                        .to(Node.one())
                        .status())
                .isEqualTo(401);
        assertThat(Wire.request("GET", "/auth/refresh")
                        .header("Cookie", cookie)
                        .to(Node.one())
                        .status())
                .isEqualTo(405);
    }

    @Test
    void noPreflightOfAnotherOriginIsAllowed() {
        for (String path : List.of("/auth/local", "/auth/refresh", "/api/v2/apitokens")) {
            Answer answer = Wire.request("OPTIONS", path)
                    .header("Origin", "https://elsewhere.example")
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "authorization,content-type")
                    .to(Node.one());
            assertThat(answer.headers()).noneMatch(header -> header.name().startsWith("Access-Control"));
        }
    }

    private Wire post(String path) {
        return Wire.request("POST", path).header("Cookie", cookie);
    }

    private boolean stillSignedIn() {
        return Wire.get("/api/v2/users/me")
                        .bearer(signedIn.json().path("token").asString())
                        .to(Node.other())
                        .status()
                == 200;
    }
}
