package dev.signet.token;

import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.newToken;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.access.Caller;
import dev.signet.platform.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A token may be held to addresses; from any other it opens nothing, whoever holds the secret. */
class AllowedAddressTests {

    private final Tenant company = Tenant.create();
    private final Token token = company.token("admin-apitokens-read");

    @Test
    void fromElsewhereNothingIsServedAndTheRefusalIsLogged() {
        company.edit(token, Map.of("allowedIps", List.of("203.0.113.0/24")));

        for (String path : List.of(TOKENS, TOKENS + "/self", "/api/v2/users/me", "/api/v2/permissions")) {
            Api.as(token.secret()).get(path).expect(403, "ip_not_allowed");
        }
        Answer refused = Api.as(token.secret()).get(TOKENS);
        assertThat(Tables.texts(
                        "select changes ->> 'code' from audit_logs where token = ? and event = 'deny'", token.id()))
                .hasSize(4)
                .containsOnly("ip_not_allowed");
        assertThat(refused.text()).doesNotContain("203.0.113");

        company.edit(token, Map.of("allowedIps", List.of("127.0.0.0/8", "::1")));
        Api.as(token.secret()).get(TOKENS).expect(200);
    }

    @Test
    void aRefusedCallIsNoUse() {
        company.edit(token, Map.of("allowedIps", List.of("203.0.113.7")));
        Api.as(token.secret()).get(TOKENS).expect(403);
        Node.one().bean(Uses.class).write();
        assertThat(company.api().get(token.path()).data().path("lastUsedAt").isNull())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7, true",
        "203.0.113.7, 203.0.113.8, false",
        "203.0.113.0/24, 203.0.113.255, true",
        "203.0.113.0/24, 203.0.114.0, false",
        "0.0.0.0/0, 198.51.100.1, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:DB8::1, 2001:db8:0:0:0:0:0:1, true",
        "::/0, 203.0.113.7, false",
        // an IPv4 address in an IPv6 one is the IPv4 address
        "203.0.113.0/24, ::ffff:203.0.113.7, true",
        "fe80::/10, fe80::1%eth0, true",
        "203.0.113.7, unknown, false",
        "0.0.0.0/0, unknown, false",
        "0.0.0.0/0, '', false",
        "0.0.0.0/0, '203.0.113.7, 127.0.0.1', false",
        "0.0.0.0/0, localhost, false",
    })
    void anAddressIsAdmittedOrNot(String allowed, String address, boolean admitted) {
        company.edit(token, Map.of("allowedIps", List.of("192.0.2.1", allowed)));

        Caller caller = Node.one().bean(TokenVerifier.class).verify(token.secret(), address, null);

        assertThat(caller.barred()).isEqualTo(admitted ? null : Problem.IP_NOT_ALLOWED);
    }

    @Test
    void anUnknownAddressIsNoMatterToATokenWithoutAList() {
        assertThat(Node.one()
                        .bean(TokenVerifier.class)
                        .verify(token.secret(), "unknown", null)
                        .barred())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.113.7/24",
                "203.0.113.0/33",
                "203.0.113.0/024",
                "203.0.113.0/-1",
                "203.0.113.0/",
                "203.0.113",
                "203.0.113.256",
                "203.0.113.07",
                "203.0.113.7:80",
                "0x7f.0.0.1",
                "2130706433",
                "2001:db8::1/32",
                "2001:db8::/129",
                "2001:db8:::1",
                "[2001:db8::1]",
                "fe80::1%eth0",
                "::203.0.113.7",
                "::ffff:203.0.113.7/104",
                "203.0.113.*",
                "203.0.113.0/255.255.255.0",
                "localhost",
                "example.com",
                "*",
                " 203.0.113.7",
                "",
            })
    void whatIsNoAddressIsNamed(String text) {
        company.api()
                .post(TOKENS, with(newToken(token.role()), "allowedIps", List.of("192.0.2.1", text)))
                .expectFields("allowedIps[1]: network");
        company.api().patch(token.path(), Map.of("allowedIps", List.of(text))).expectFields("allowedIps[0]: network");
    }

    @Test
    void theListIsShownAsItWasGivenWithoutRepetition() {
        Answer made = company.api()
                .post(
                        TOKENS,
                        with(
                                newToken(token.role()),
                                "allowedIps",
                                List.of("203.0.113.7", "2001:db8::/32", "203.0.113.7")))
                .expect(201);
        assertThat(made.data().path("allowedIps").values())
                .extracting(JsonNode::asString)
                .containsExactly("203.0.113.7", "2001:db8::/32");
    }

    @Test
    void aNetworkIsWrittenInItsOneSpelling() {
        company.edit(
                token,
                Map.of(
                        "allowedIps",
                        List.of("::ffff:203.0.113.7", "203.0.113.7/32", "::FFFF:10.0.0.0/104", "2001:DB8:0:0::/32")));
        Answer shown = company.api().get(token.path()).expect(200);
        assertThat(shown.data().path("allowedIps").values())
                .extracting(JsonNode::asString)
                .containsExactly("203.0.113.7", "10.0.0.0/8", "2001:db8::/32");
        assertThat(company.api()
                        .patch(
                                token.path(),
                                Map.of("allowedIps", List.of("::ffff:203.0.113.7", "10.0.0.0/8", "2001:db8::/32")))
                        .expect(200)
                        .header("ETag"))
                .isEqualTo(shown.header("ETag"));
    }

    @Test
    void whatWasStoredInAnotherSpellingIsShownInTheOne() {
        Tables.update("update api_tokens set allowed_ips = '{2001:DB8:0:0::1}' where id = ?", token.id());
        Tables.update(
                "update api_token_uses set used_at = now(), address = '0:0:0:0:0:0:0:1' where token_id = ?",
                token.id());
        Answer shown = company.api().get(token.path()).expect(200);
        assertThat(shown.data().at("/allowedIps/0").asString()).isEqualTo("2001:db8::1");
        assertThat(shown.data("lastUsedIp")).isEqualTo("::1");
        assertThat(company.api().patch(token.path(), Map.of()).expect(200).header("ETag"))
                .isEqualTo(shown.header("ETag"));
    }

    @Test
    void aTokenWithAnAddressThatIsNoneByNowIsEdited() {
        Tables.update("update api_tokens set allowed_ips = '{::10.0.0.1}' where id = ?", token.id());
        company.api().patch(token.path(), Map.of("isActive", false)).expect(200);
        company.api().patch(token.path(), Map.of("name", "Renamed")).expect(200);
        company.api()
                .patch(token.path(), Map.of("allowedIps", List.of("::10.0.0.1")))
                .expectFields("allowedIps[0]: network");
        company.api().patch(token.path(), Map.of("name", "", "isActive", true)).expectFields("name: required");
    }

    @Test
    void aListHasAtMostFiftyAddressesAndIsNeverNull() {
        List<String> many = java.util.stream.IntStream.range(0, 51)
                .mapToObj(i -> "192.0.2." + i)
                .toList();
        company.api().patch(token.path(), Map.of("allowedIps", many)).expectFields("allowedIps: size");
        company.api()
                .patch(token.path(), Map.of("allowedIps", many.subList(0, 50)))
                .expect(200);
        company.api().patch(token.path(), "{\"allowedIps\": null}").expectFields("allowedIps: required");
    }
}
