package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.platform.StartRefusedException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Where a call came from is what the operator's own proxies say, and nobody else. */
class TrustedProxyTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final Node BEHIND =
            Node.apart(List.of("signet.trusted-proxies=127.0.0.1, 10.0.0.0/8,2001:db8:7::/48"));

    @AfterAll
    static void close() {
        BEHIND.close();
        // others sign in from these addresses, too
        Tables.update("delete from signin_throttles");
    }

    @Test
    void theNearestAddressThatIsNoProxyOfOursIsTheClients() {
        Map<String, String> clients = new LinkedHashMap<>();
        clients.put("203.0.113.7", "203.0.113.7");
        clients.put(" 203.0.113.7 ", "203.0.113.7");
        clients.put("198.51.100.1, 203.0.113.7", "203.0.113.7");
        clients.put("nonsense, 203.0.113.7", "203.0.113.7");
        clients.put("127.0.0.1,203.0.113.7", "203.0.113.7");
        clients.put("198.51.100.1\r\nX-Forwarded-For: 203.0.113.7", "203.0.113.7");
        clients.put("203.0.113.7, 10.1.2.3", "203.0.113.7");
        clients.put("203.0.113.7\r\nx-forwarded-for: 10.1.2.3\r\nX-Forwarded-For: 127.0.0.1", "203.0.113.7");
        clients.put("203.0.113.7,2001:db8:7::9", "203.0.113.7");
        clients.put("203.0.113.7:4711", "203.0.113.7");
        clients.put("::ffff:203.0.113.7", "203.0.113.7");
        clients.put("2001:db8::1", "2001:db8::1");
        clients.put("[2001:DB8::1]:4711", "2001:db8::1");
        clients.put("[2001:db8::1]", "2001:db8::1");
        clients.put("10.9.9.9, 10.1.2.3", "10.9.9.9");
        clients.forEach((header, client) ->
                assertThat(addressIn(BEHIND, header)).as(header).isEqualTo(client));
    }

    @Test
    void whereAProxyDoesNotSayWhoseCallItIsNobodyKnows() {
        for (String header : List.of(
                "",
                " ",
                ",",
                "unknown",
                "_hidden",
                "localhost",
                "client.example",
                "203.0.113.7,",
                "203.0.113.7, unknown",
                "203.0.113.7 198.51.100.1",
                "203.0.113.7/32",
                "203.0.113.777",
                "203.0.113",
                "7",
                "fe80::1%eth0",
                "2001:db8::1::2",
                "::::",
                "for=203.0.113.7")) {
            assertThat(addressIn(BEHIND, header)).as(header).isEqualTo("unknown");
        }
        assertThat(addressOf(role().to(BEHIND))).isEqualTo("unknown");
    }

    @Test
    void whatAnybodyElseSaysIsNotBelieved() {
        try (Node node = Node.apart(List.of("signet.trusted-proxies=192.0.2.0/24"))) {
            for (String header : List.of("203.0.113.7", "192.0.2.1", "nonsense")) {
                assertThat(addressIn(node, header)).isEqualTo("127.0.0.1");
            }
            assertThat(cookie(node, "https")).doesNotContain("Secure");
        }
        assertThat(addressIn(Node.one(), "203.0.113.7")).isEqualTo("127.0.0.1");
        assertThat(cookie(Node.one(), "https")).doesNotContain("Secure");
    }

    @Test
    void noOtherHeaderOfAProxyIsRead() {
        Answer made = role().header("Forwarded", "for=203.0.113.7;proto=https")
                .header("X-Real-IP", "203.0.113.7")
                .header("X-Forwarded-By", "203.0.113.7")
                .to(BEHIND);
        assertThat(addressOf(made)).isEqualTo("unknown");
        String document = Wire.get("/v3/api-docs")
                .header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Port", "8443")
                .header("X-Forwarded-Prefix", "/evil")
                .to(BEHIND)
                .body();
        assertThat(document).doesNotContain("evil", "8443");
    }

    @Test
    void theCookieIsForHttpsAloneWhereTheClientCameByIt() {
        for (String https : List.of("https", "HTTPS", "https, https", "https\r\nX-Forwarded-Proto: https")) {
            assertThat(cookie(BEHIND, https)).as(https).contains("; Secure");
        }
        for (String other : List.of("http", "", "http, https", "https, http", "wss", "https;")) {
            assertThat(cookie(BEHIND, other)).as(other).doesNotContain("Secure");
        }
    }

    @Test
    void signingInIsSlowedDownPerClientWhateverElseItClaims() {
        String email = "nobody" + COMPANY.id() + "@example.com";
        Set<Integer> answers = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            answers.add(signIn(email, "198.51.100." + i + ", 203.0.113.77").status());
        }
        assertThat(answers).containsExactlyInAnyOrder(401, 429);
        assertThat(signIn(email, "203.0.113.78").status()).isEqualTo(401);
        answers.clear();
        for (int i = 0; i < 8; i++) {
            answers.add(signIn("another" + email, "nonsense").status());
        }
        assertThat(answers).containsExactlyInAnyOrder(401, 429);
    }

    @Test
    void aSettingThatNamesNoAddressStopsTheStart() {
        for (String setting : List.of(
                "proxy.example",
                "localhost",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10/8",
                "10.0.0.0/8;80",
                "2001:db8::/129",
                "10.0.0.1,,10.0.0.2",
                "10.0.0.1 10.0.0.2",
                "10.0.0.5/8",
                "2001:db8::1/32",
                ".*")) {
            assertThatThrownBy(() -> new TrustedProxies(List.of(setting.split(",", -1))))
                    .as(setting)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageStartingWith("SIGNET_TRUSTED_PROXIES contains an invalid address or network: ");
        }
        assertThatThrownBy(() -> Node.apart(List.of("signet.trusted-proxies=10.0.0.1,proxy.example"))
                        .close())
                .satisfies(e -> assertThat(Throwables.getRootCause(e))
                        .isInstanceOf(StartRefusedException.class)
                        .hasMessageEndingWith(": proxy.example"));
    }

    private static String addressIn(Node node, String header) {
        return addressOf(role().header("X-Forwarded-For", header).to(node));
    }

    /** Makes something, so that the log has a row of it. */
    private static Wire role() {
        return Wire.request("POST", "/api/v2/accessroles")
                .bearer(COMPANY.bearer())
                .json("{\"name\": \"Logged\", \"permissions\": []}");
    }

    private static String addressOf(Answer made) {
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        return Tables.texts(
                        "select address from audit_logs where item = ?",
                        made.json().at("/data/_id").asString())
                .getFirst();
    }

    private static Answer signIn(String email, String forwardedFor) {
        return Wire.request("POST", "/auth/local")
                .header("X-Forwarded-For", forwardedFor)
                .json("{\"email\": \"%s\", \"password\": \"not the one at all\"}".formatted(email))
                .to(BEHIND);
    }

    private static String cookie(Node node, String scheme) {
        return String.valueOf(Wire.request("POST", "/auth/local")
                .header("X-Forwarded-For", "203.0.113.7")
                .header("X-Forwarded-Proto", scheme)
                .json("{\"email\": \"%s\", \"password\": \"%s\"}".formatted(COMPANY.email(), Tenant.PASSWORD))
                .to(node)
                .header("Set-Cookie"));
    }
}
