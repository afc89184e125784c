package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Forgery;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A bearer token counts in one header, once, as RFC 6750 §2.1 has it. Anything odd is refused and breaks nothing. */
class RawRequestTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final String SECRET = COMPANY.token("admin-apitokens-read").secret();
    private static final String ME = "/api/v2/users/me";

    @Test
    void twoAuthorizationHeadersAreRefusedWhateverTheyHold() {
        for (String second : List.of("Bearer " + SECRET, "Bearer x", "Basic eDp5", "", "x")) {
            for (boolean swapped : List.of(true, false)) {
                String good = "Bearer " + SECRET;
                Answer answer = Wire.get(ME)
                        .header("Authorization", swapped ? second : good)
                        .header("authorization", swapped ? good : second)
                        .to(Node.one());
                assertThat(answer.status()).as(second).isEqualTo(400);
                assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("Authorization");
                assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            }
        }
        assertThat(Wire.request("POST", "/auth/logout")
                        .bearer(COMPANY.bearer())
                        .bearer(COMPANY.bearer())
                        .to(Node.one())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anOddAuthorizationHeaderLetsNobodyIn() {
        for (String value : List.of(
                "",
                "Bearer",
                "Bearer ",
                "Bearer" + SECRET,
                "Bearer\u00a0" + SECRET,
                "Bearer, " + SECRET,
                "Bearer=" + SECRET,
                "Bearer: " + SECRET,
                "Bearer \"" + SECRET + "\"",
                "Bearer <" + SECRET + ">",
                "Bearer Bearer " + SECRET,
                "Bearer " + SECRET + " x",
                "Bearer " + SECRET + ", Bearer " + SECRET,
                "Bearer " + SECRET + "\u00e9",
                "Bearer \u00ff" + SECRET,
                "Token " + SECRET,
                "Basic " + SECRET,
                "Basic " + Base64.getEncoder().encodeToString((":" + SECRET).getBytes(StandardCharsets.UTF_8)),
                "Digest " + SECRET,
                "Negotiate " + SECRET,
                "DPoP " + SECRET,
                SECRET,
                "Bearer " + "x".repeat(513),
                "Bearer " + SECRET + "x".repeat(513 - SECRET.length()),
                "Bearer " + Forgery.secret("NobodyHasMe1"))) {
            Answer answer = Wire.get(ME).header("Authorization", value).to(Node.one());
            assertThat(answer.status()).as(value).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer realm=\"signet\"");
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        }
    }

    @Test
    void theSchemeIsReadInAnyCaseWithAnySpaceAround() {
        for (String value : List.of("bearer " + SECRET, "BEARER " + SECRET, "Bearer   " + SECRET + "  ")) {
            assertThat(Wire.get(ME)
                            .header("Authorization", value)
                            .to(Node.one())
                            .status())
                    .as(value)
                    .isEqualTo(200);
        }
    }

    @Test
    void whatNoHeaderMayHoldIsRefused() {
        for (String value : List.of(
                "Bearer \0" + SECRET,
                "Bearer " + SECRET + "\0",
                "Bearer\0" + SECRET,
                "Bearer " + SECRET + "\r\nAuthorization: Bearer " + SECRET,
                "Bearer " + SECRET + "\r\n folded",
                "Bearer " + SECRET + "\rX: y",
                "Bearer " + "x".repeat(1_000_000))) {
            assertThat(Wire.get(ME)
                            .header("Authorization", value)
                            .to(Node.one())
                            .status())
                    .as(value.substring(0, Math.min(80, value.length())))
                    .isIn(400, 401, 431);
        }
        for (String name : List.of("Authorization ", " Authorization", "Authorization\0", "Author ization", "")) {
            assertThat(Wire.get(ME)
                            .header("X-First", "y")
                            .header(name, "Bearer " + SECRET)
                            .to(Node.one())
                            .status())
                    .as(name)
                    .isIn(400, 401);
        }
    }

    @Test
    void oddBytesInAHeaderAreNoFault() {
        for (String name : List.of(
                "Authorization",
                "Accept",
                "Accept-Language",
                "If-Match",
                "Origin",
                "Cookie",
                "X-Any",
                "Content-Type")) {
            for (String value :
                    List.of("\u0080", "Bearer \u0085", "\u009f=\u009f", "\u00ff", ",", ";", "=", "\"", "*;q=x")) {
                for (Wire call : List.of(
                        Wire.get(ME), Wire.request("POST", "/auth/refresh"), Wire.request("POST", "/auth/logout"))) {
                    assertThat(call.header(name, value).to(Node.one()).status())
                            .as(name + ": " + value)
                            .isBetween(400, 499);
                }
                Wire known = Wire.request("PATCH", "/api/v2/apitokens/" + "0".repeat(24));
                if (!name.equals("Authorization")) {
                    known.bearer(COMPANY.bearer());
                }
                assertThat(known.header(name, value).to(Node.one()).status())
                        .as("signed in, " + name + ": " + value)
                        .isBetween(400, 499);
            }
        }
    }

    @Test
    void aTokenInTheUrlAFormACookieOrAnotherHeaderIsNotSeen() {
        List<Wire> calls = List.of(
                Wire.get(ME + "?access_token=" + SECRET),
                Wire.get(ME + "?token=" + SECRET + "&Authorization=Bearer%20" + SECRET),
                Wire.get(ME + "?jwt=" + COMPANY.bearer()),
                Wire.request("POST", "/api/v2/apitokens")
                        .body("application/x-www-form-urlencoded", "access_token=" + SECRET),
                Wire.request("PATCH", "/api/v2/apitokens/" + "0".repeat(24))
                        .body("application/x-www-form-urlencoded", "access_token=" + SECRET),
                Wire.request("GET", ME).body("application/x-www-form-urlencoded", "access_token=" + SECRET),
                Wire.request("POST", "/api/v2/apitokens").json("{\"access_token\": \"" + SECRET + "\"}"),
                Wire.get(ME).header("Cookie", "access_token=" + SECRET + "; token=" + SECRET),
                Wire.get(ME)
                        .header("Cookie", "Authorization=Bearer " + SECRET + "; signet_refresh=" + COMPANY.bearer()),
                Wire.get(ME).header("X-Authorization", "Bearer " + SECRET),
                Wire.get(ME).header("Proxy-Authorization", "Bearer " + SECRET),
                Wire.get(ME).header("X-Api-Key", SECRET),
                Wire.get(ME).header("X-Auth-Token", SECRET),
                Wire.get(ME).header("Api-Token", SECRET));
        assertThat(calls).allSatisfy(call -> {
            Answer answer = call.to(Node.one());
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("unauthenticated");
        });
    }

    @Test
    void aMalformedRequestIsAnsweredAndNeverByAFault() throws IOException {
        String json = "Content-Type: application/json\r\n";
        for (String bytes : List.of(
                "GET\r\n\r\n",
                "GET " + ME + "\r\n\r\n",
                "GET " + ME + " HTTP/9.9\r\n\r\n",
                "GET " + ME + " HTTP/1.1\r\n\r\n",
                "GET " + ME + " HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET " + ME + " HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET " + ME + "\0 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET " + ME + "%00 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET " + ME + "%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET " + ME + "?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET " + ME + "\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /auth/local HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST /auth/local HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 3\r\n\r\n{}",
                "POST /auth/local HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "POST /auth/local HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
                "POST /auth/local HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /auth/local HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST /auth/local HTTP/1.1\r\nHost: a\r\n" + json + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "POST /auth/local HTTP/1.1\r\nHost: a\r\nContent-Type: ;;;\r\nContent-Length: 2\r\n\r\n{}",
                "POST /auth/local HTTP/1.1\r\nHost: a\r\nContent-Type: application/json; charset=nonsense\r\n"
                        + "Content-Length: 2\r\n\r\n{}")) {
            assertThat(statusOf(bytes))
                    .as(bytes.substring(0, Math.min(200, bytes.length())))
                    .isBetween(400, 505)
                    .isNotIn(500, 503);
        }
    }

    /** The answer's status. To end the connection without one is as good as 400. */
    private static int statusOf(String bytes) throws IOException {
        try (Socket socket = Wire.open(Node.one())) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return Answer.read(socket.getInputStream()).status();
        } catch (EOFException ended) {
            return 400;
        }
    }
}
