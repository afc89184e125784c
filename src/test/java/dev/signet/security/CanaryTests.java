package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.signet.Node;
import dev.signet.Output;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import tools.jackson.databind.json.JsonMapper;

/** A secret is seen once, in the answer that gives it: in no log however talkative, no row and no other answer. */
class CanaryTests {

    private static final String NEXT_PASSWORD = "canaries sing on the second morning";
    private static final String WRONG_PASSWORD = "canaries never sang this one before";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Tenant company = Tenant.create();
    private final List<Answer> answers = new ArrayList<>();

    @Test
    void secretsAndPasswordsAreInNoLogNoRowAndNoOtherAnswer() {
        String role = company.role("admin-apitokens-read");
        String person = company.person().path();
        String access;
        String refresh;
        String secret;
        String generated;
        String log;
        try (Output output = Output.at(Level.TRACE, Logger.ROOT_LOGGER_NAME)) {
            Answer signedIn = send("POST", "/auth/local", null, signIn(Tenant.PASSWORD));
            access = signedIn.json().path("token").asString();
            refresh = String.valueOf(signedIn.header("Set-Cookie")).replaceAll("^[^=]*=([^;]*);.*", "$1");
            Answer made = send("POST", "/api/v2/apitokens", access, JSON.writeValueAsString(Tenant.newToken(role)));
            secret = made.json().at("/data/token").asString();
            assertThat(secret).startsWith("sgt_");
            assertThat(made.header("Cache-Control")).contains("no-store");
            Answer given = send("POST", person + "/password", access, "");
            generated = given.json().at("/data/password").asString();
            assertThat(generated).hasSize(24);
            send("GET", person, access, "");
            String id = made.json().at("/data/_id").asString();
            useAndMisuse(access, refresh, secret, "/api/v2/apitokens/" + id);
            log = output.text();
        }

        assertThat(log).contains("DispatcherServlet", company.email());
        String rows = String.join("\n", Tables.dump());
        for (String canary : List.of(
                secret,
                secret.substring(17, 60),
                generated,
                access,
                refresh,
                Tenant.PASSWORD,
                NEXT_PASSWORD,
                WRONG_PASSWORD)) {
            assertThat(log.lines().filter(line -> line.contains(canary)))
                    .as("log lines")
                    .isEmpty();
            assertThat(rows).doesNotContain(canary);
            assertThat(answers.stream().filter(answer -> answer.toString().contains(canary)))
                    .as("answers with it")
                    .hasSize(canary.startsWith("canaries") || canary.equals(Tenant.PASSWORD) ? 0 : 1);
        }
    }

    private void useAndMisuse(String access, String refresh, String secret, String token) {
        String me = "/api/v2/users/me";
        send("GET", me, secret, "");
        send("GET", token, secret, "");
        send("GET", "/api/v2/apitokens?sortBy=x", secret, "");
        send("POST", "/api/v2/apitokens", secret, "{}");
        send("GET", "/api/v2/channels", secret, "");
        send("POST", "/api/v1/messages", secret, "{}");
        send(
                "POST",
                "/api/v1/messages",
                access,
                "{\"channel\": \"x\", \"content\": \"x\", \"contentType\": \"text/plain\"}");
        send("PATCH", token, access, "{\"name\": \"Canary\"}");
        send("PATCH", token, access, "{\"code\": \"canary\"}");
        send("PATCH", token, access, "{\"isActive\": false}");
        send("GET", me, secret, "");
        send("PATCH", token, access, "{\"isActive\": true}");
        send("POST", token + "/revoke", access, "{}");
        send("GET", me, secret, "");
        send("GET", "/nonsense", access, "");
        send("GET", me, secret + "0", "");
        send("GET", me, access.substring(0, access.length() - 1), "");

        send("POST", "/auth/local", null, signIn(WRONG_PASSWORD));
        send("POST", "/auth/local", null, signIn(WRONG_PASSWORD) + "x");
        send("POST", "/auth/local", null, "{\"password\": \"" + WRONG_PASSWORD + "\"}");
        send("POST", "/auth/local", null, "{\"password\": [\"" + WRONG_PASSWORD + "\"]}");
        send("POST", "/auth/local", null, "{\"" + WRONG_PASSWORD + "\" 1}");
        send("POST", "/auth/local", null, "{\"email\": \"a\", \"password\": \"" + WRONG_PASSWORD + "\\u0000\"}");
        send("PUT", me + "/password", access, passwords(WRONG_PASSWORD, NEXT_PASSWORD));
        send("PUT", me + "/password", access, passwords(Tenant.PASSWORD, "x"));
        send("PUT", me + "/password", access, passwords(Tenant.PASSWORD, NEXT_PASSWORD));
        answers.add(Wire.request("POST", "/auth/refresh")
                .header("Cookie", "signet_refresh=" + refresh)
                .header("Origin", "https://elsewhere.example")
                .to(Node.one()));
        answers.add(Wire.request("POST", "/auth/logout")
                .header("Cookie", "signet_refresh=" + refresh)
                .to(Node.one()));
        answers.add(Wire.request("POST", "/auth/refresh")
                .header("Cookie", "signet_refresh=" + refresh)
                .to(Node.one()));
        send("POST", "/auth/logout", access, "");
        send("GET", me, access, "");
    }

    private Answer send(String method, String target, @Nullable String bearer, String body) {
        Wire request = Wire.request(method, target).bearer(bearer);
        Answer answer = (body.isEmpty() ? request : request.json(body)).to(Node.one());
        answers.add(answer);
        return answer;
    }

    private String signIn(String password) {
        return "{\"email\": \"%s\", \"password\": \"%s\"}".formatted(company.email(), password);
    }

    private static String passwords(String current, String next) {
        return "{\"current\": \"%s\", \"next\": \"%s\"}".formatted(current, next);
    }
}
