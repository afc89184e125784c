package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nothing that a client says of itself raises its rights or hides where it comes from. */
class ClientHeaderTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final Tenant OTHER = Tenant.create();
    private static final String ABSENT = "0".repeat(24);

    @Test
    void noHeaderOpensARoute() {
        String weak = COMPANY.token("shop-orders-read").secret();
        for (Route route : Node.one().bean(Routes.class).all()) {
            if (route.open()) {
                continue;
            }
            assertThat(headers()).allSatisfy((name, value) -> {
                assertThat(call(route).header(name, value).to(Node.one()).status())
                        .as(route.text() + " without a token")
                        .isEqualTo(401);
                if (route.needs() != null) {
                    assertThat(call(route)
                                    .bearer(weak)
                                    .header(name, value)
                                    .to(Node.one())
                                    .status())
                            .as(route.text() + " without the permission")
                            .isEqualTo(403);
                }
            });
        }
    }

    @Test
    void noHeaderChangesWhoIsCalling() {
        String secret = COMPANY.token("admin-apitokens-read").secret();
        for (String path : List.of("/api/v2/users/me", "/api/v2/apitokens?limit=100")) {
            String plain = withoutLastUse(Wire.get(path).bearer(secret).to(Node.one()));
            assertThat(plain).startsWith("200").contains(COMPANY.id());
            assertThat(headers())
                    .allSatisfy((name, value) -> assertThat(withoutLastUse(Wire.get(path)
                                    .bearer(secret)
                                    .header(name, value)
                                    .to(Node.one())))
                            .isEqualTo(plain));
        }
    }

    /** The token that lists is in the list, and its last use is written every few seconds. */
    private static String withoutLastUse(Answer answer) {
        return answer.comparable().replaceAll("\"lastUsed(At|Ip|Agent)\":(null|\"[^\"]*\"),", "");
    }

    @Test
    void theLogHoldsTheAddressThatTheCallCameFrom() {
        for (Map.Entry<String, String> header : headers().entrySet()) {
            Answer made = Wire.request("POST", "/api/v2/accessroles")
                    .bearer(COMPANY.bearer())
                    .header(header.getKey(), header.getValue())
                    .json("{\"name\": \"Logged\", \"permissions\": []}")
                    .to(Node.one());
            assertThat(made.status()).as(header.toString()).isEqualTo(201);
            assertThat(Tables.texts(
                            "select address from audit_logs where item = ?",
                            made.json().at("/data/_id").asString()))
                    .containsExactly("127.0.0.1");
        }
    }

    @Test
    void signingInIsSlowedDownWhateverAddressesAClientClaimsEvenInACloud() {
        // there Spring Boot would believe whoever calls from a private address
        try (Node node = Node.apart(List.of("spring.main.cloud-platform=kubernetes"))) {
            Set<Integer> answers = new HashSet<>();
            for (int i = 0; i < 8; i++) {
                answers.add(signIn("nobody" + COMPANY.id() + "@example.com", i, node));
            }
            assertThat(answers).containsExactlyInAnyOrder(401, 429);
            int taken = 0;
            while (signIn(COMPANY.id() + taken + "@example.com", taken, node) == 401) {
                assertThat(++taken).as("attempts from one address").isLessThan(100);
            }
            assertThat(signIn("another" + COMPANY.id() + "@example.com", 7, node))
                    .isEqualTo(429);
        } finally {
            // others sign in from this address, too
            Tables.update("delete from signin_throttles");
        }
    }

    private static int signIn(String email, int number, Node node) {
        String address = "203.0.113." + number;
        return Wire.request("POST", "/auth/local")
                .header("X-Forwarded-For", address)
                .header("Forwarded", "for=" + address)
                .header("X-Real-IP", address)
                .header("X-Client-IP", address)
                .header("True-Client-IP", address)
                .header("CF-Connecting-IP", address)
                .json("{\"email\": \"%s\", \"password\": \"not the one at all\"}".formatted(email))
                .to(node)
                .status();
    }

    private static Wire call(Route route) {
        return Wire.request(route.method(), route.path().replaceAll("\\{\\w+}", ABSENT));
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Admin", "true");
        headers.put("Company", OTHER.id());
        headers.put("X-Company", OTHER.id());
        headers.put("X-User", OTHER.email());
        headers.put("X-User-Id", "1");
        headers.put("X-Remote-User", "admin");
        headers.put("Remote-User", "admin");
        headers.put("X-Auth-User", OTHER.email());
        headers.put("X-Auth-Company", OTHER.id());
        headers.put("X-Auth-Permissions", "*");
        headers.put("X-Permissions", "*");
        headers.put("X-Roles", "admin");
        headers.put("X-WEBAUTH-USER", "admin");
        headers.put("X-SSL-Client-Verify", "SUCCESS");
        headers.put("X-Forwarded-For", "203.0.113.9");
        headers.put("X-Forwarded-User", "admin");
        headers.put("X-Forwarded-Prefix", "/auth/local");
        headers.put("X-Forwarded-Host", "elsewhere.example");
        headers.put("X-Forwarded-Proto", "https");
        headers.put("Forwarded", "for=203.0.113.9;host=elsewhere.example;proto=https");
        headers.put("X-Original-URL", "/actuator/health");
        headers.put("X-Rewrite-URL", "/actuator/health");
        headers.put("X-HTTP-Method-Override", "GET");
        headers.put("X-HTTP-Method", "GET");
        headers.put("X-Method-Override", "OPTIONS");
        headers.put("X-Custom-IP-Authorization", "127.0.0.1");
        headers.put("Referer", "https://localhost/");
        headers.put("Cookie", "JSESSIONID=1; admin=true; company=" + OTHER.id());
        return headers;
    }
}
