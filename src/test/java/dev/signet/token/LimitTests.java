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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds that a company sets to its tokens, and the installation to their number. */
class LimitTests {

    private final Tenant company = Tenant.create();
    private final Token before = company.token("messages-read");
    private final String role = before.role();

    @Test
    void aTokenLivesNoLongerThanThePolicyLets() {
        policy(Map.of("maxLifetimeDays", 30));

        create("expiresAt", in(31)).expectFields("expiresAt: policy_lifetime");
        create("expiresAt", in(29)).expect(201);
        assertThat(Instant.parse(
                        company.api().post(TOKENS, newToken(role)).expect(201).data("expiresAt")))
                .isBetween(
                        Instant.now().plus(Duration.ofDays(29)), Instant.now().plus(Duration.ofDays(31)));
    }

    @Test
    void aTokenWithoutAnEndGetsTheUsualOne() {
        policy(Map.of("maxLifetimeDays", 300, "defaultLifetimeDays", 10));
        Answer made = create("expiresAt", null).expect(201);
        assertThat(Instant.parse(made.data("expiresAt")))
                .isBetween(Instant.now().plus(Duration.ofDays(9)), Instant.now().plus(Duration.ofDays(11)));
        create("expiresAt", in(299)).expect(201);

        Tenant lenient = Tenant.create();
        lenient.api()
                .patch("/api/v2/company", Map.of("defaultLifetimeDays", 10))
                .expect(200);
        Token unlimited = lenient.token("messages-read");
        lenient.api().patch(unlimited.path(), "{\"expiresAt\": null}").expect(200);
    }

    @Test
    void aPatchCannotLiftALimitOfThePolicy() {
        Map<String, ?> bounded = Map.of("expiresAt", in(5), "allowedIps", List.of("192.0.2.1"));
        company.edit(before, bounded);
        policy(Map.of("maxLifetimeDays", 30, "requireAllowedIps", true));

        company.api().patch(before.path(), "{\"expiresAt\": null}").expectFields("expiresAt: policy_lifetime");
        company.api().patch(before.path(), Map.of("expiresAt", in(31))).expectFields("expiresAt: policy_lifetime");
        company.api()
                .patch(before.path(), Map.of("allowedIps", List.of()))
                .expectFields("allowedIps: policy_addresses");
        company.api().patch(before.path(), Map.of("expiresAt", in(29))).expect(200);
    }

    @Test
    void aPatchCannotLiftALimitOfATokenThatHoldsMoreThanItsMaker() {
        company.edit(before, Map.of("expiresAt", in(5), "allowedIps", List.of("192.0.2.1"), "isActive", false));
        Api maker = Api.as(company.token("admin-apitokens-write").secret());
        for (String lifting : List.of(
                "{\"expiresAt\": null}",
                "{\"allowedIps\": []}",
                "{\"isActive\": true}",
                "{\"allowedIps\": [\"::/0\"]}")) {
            maker.patch(before.path(), lifting).expectMissing("messages-read");
        }
        assertThat(company.api().get(before.path()).header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void aLimitedTokenLiftsNoLimitOfItsOwnAndMakesNoTwinWithout() {
        Token limited = company.token("admin-apitokens-write", "messages-read");
        Token open = company.token("messages-read");
        company.edit(limited, Map.of("expiresAt", in(5), "allowedIps", List.of("127.0.0.0/8", "::1")));
        Api api = Api.as(limited.secret());

        for (String lifting : List.of(
                "{\"expiresAt\": null}",
                "{\"expiresAt\": \"" + in(6) + "\"}",
                "{\"allowedIps\": []}",
                "{\"allowedIps\": [\"127.0.0.1\", \"192.0.2.1\"]}",
                "{\"allowedIps\": [\"0.0.0.0/0\"]}")) {
            api.patch(limited.path(), lifting).expect(403, "wider_than_own");
        }
        api.post(TOKENS, newToken(role)).expect(403, "wider_than_own");
        api.post(TOKENS, with(newToken(role), "expiresAt", in(4))).expect(403, "wider_than_own");
        api.post(open.path() + "/rotate", Map.of()).expect(403, "wider_than_own");

        Map<String, ?> within = Map.of("expiresAt", in(4), "allowedIps", List.of("127.0.0.1", "127.1.0.0/16"));
        Answer twin = api.post(
                        TOKENS, with(with(newToken(role), "expiresAt", in(4)), "allowedIps", List.of("127.0.0.1")))
                .expect(201);
        api.post(TOKENS + "/" + twin.data("_id") + "/rotate", Map.of()).expect(200);
        api.patch(open.path(), Map.of("name", "Renamed")).expect(200);
        api.patch(limited.path(), within).expect(200);
    }

    @Test
    void aLimitedTokenGivesNoRightsToATokenThatIsWider() {
        Token limited = company.token("admin-apitokens-write", "messages-read", "messages-write");
        Token open = company.token("messages-read");
        Token writer = company.token("messages-write");
        company.edit(limited, Map.of("expiresAt", in(5)));
        Api api = Api.as(limited.secret());
        List<String> more = List.of(open.role(), writer.role());
        Map<String, ?> wide = Map.of("accessRoles", more, "impersonates", List.of(writer.user()));

        api.patch(open.path(), Map.of("accessRoles", more)).expect(403, "wider_than_own");
        api.patch(open.path(), Map.of("impersonates", List.of(writer.user()))).expect(403, "wider_than_own");
        api.patch(open.path(), Map.of("isActive", false)).expect(200);
        api.patch(open.path(), Map.of("isActive", true)).expect(403, "wider_than_own");
        api.patch(open.path(), Map.of("name", "Renamed")).expect(200);

        // to narrow one is free
        company.edit(open, with(wide, "isActive", true));
        api.patch(open.path(), Map.of("accessRoles", List.of(open.role()), "impersonates", List.of()))
                .expect(200);

        // and so is what ends no later than the limited one
        company.edit(open, Map.of("expiresAt", in(4)));
        api.patch(open.path(), wide).expect(200);
        api.patch(open.path(), Map.of("isActive", false)).expect(200);
        api.patch(open.path(), Map.of("isActive", true)).expect(200);
    }

    @Test
    void whereThePolicyAsksForAddressesATokenHasSome() {
        policy(Map.of("requireAllowedIps", true));
        create("allowedIps", List.of()).expectFields("allowedIps: policy_addresses");
        create("allowedIps", null).expectFields("allowedIps: policy_addresses");
        create("allowedIps", List.of("::1")).expect(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "::/0",
                "0.0.0.0/0 ::/0",
                "0.0.0.0/1 128.0.0.0/1",
                "192.0.2.1 10.0.0.0/7",
                "2000::/15",
                // two halves, and a whole in pieces of many sizes, one of them twice
                "10.0.0.0/8 11.0.0.0/8",
                "10.0.0.0/9 10.128.0.0/9 10.1.0.0/16 11.0.0.0/8",
                "10.0.0.0/8 11.0.0.0/9 11.128.0.0/10 11.192.0.0/11 11.224.0.0/11 10.0.0.0/8",
                "2000::/16 2001::/17 2001:8000::/17",
            })
    void whereThePolicyAsksForAddressesTheWholeWorldIsNone(String networks) {
        List<String> wide = List.of(networks.split(" ", -1));
        create("allowedIps", wide).expect(201);
        assertThat(breaking("true")).isEmpty();
        policy(Map.of("requireAllowedIps", true));

        assertThat(breaking("true")).hasSize(2).contains(before.id());
        Answer refused = create("allowedIps", wide);
        refused.expectFields("allowedIps: policy_wide_addresses");
        assertThat(refused.text()).contains("/8 (IPv4)", "/16 (IPv6)");
        company.api()
                .patch(before.path(), Map.of("allowedIps", wide))
                .expectFields("allowedIps: policy_wide_addresses");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/8",
                "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16",
                "9.0.0.0/8 10.0.0.0/8",
                "10.0.0.0/8 10.0.0.0/9 11.0.0.0/9 11.128.0.0/10",
                "10.0.0.0/8 10.0.0.0/8 10.0.0.0/9 10.128.0.0/9",
                "2001::/16 2003::/16",
                "192.0.2.1 2001:db8::/32",
            })
    void whereThePolicyAsksForAddressesThoseOfAnOrganisationAreSome(String networks) {
        policy(Map.of("requireAllowedIps", true));
        create("allowedIps", List.of(networks.split(" ", -1))).expect(201);
        assertThat(breaking("true")).containsExactly(before.id());
    }

    @Test
    void anEndThatThePolicySetIsTheSameEndWhenItIsReadAndSentBack() {
        policy(Map.of("defaultLifetimeDays", 30));
        Answer made = company.api().post(TOKENS, newToken(role)).expect(201);
        String path = TOKENS + "/" + made.data("_id");

        for (Map<String, ?> same : List.<Map<String, ?>>of(Map.of(), Map.of("expiresAt", made.data("expiresAt")))) {
            Answer answer = company.api().patch(path, same).expect(200);
            assertThat(answer.header("ETag")).isEqualTo("\"0\"");
            assertThat(answer.data()).isEqualTo(company.api().get(path).data());
        }
        assertThat(Tenant.events(made.data("_id"))).containsExactly("create");
        assertThat(Tables.texts(
                        "select expires_at = date_trunc('milliseconds', expires_at) from api_tokens where id = ?",
                        made.data("_id")))
                .containsExactly("t");

        // also where the database has microseconds from before
        Tables.update(
                "update api_tokens set expires_at = '2099-01-02T03:04:05.678901Z' where id = ?", made.data("_id"));
        assertThat(company.api().patch(path, Map.of()).expect(200).header("ETag"))
                .isEqualTo("\"0\"");
        Api lesser = Api.as(company.token("admin-apitokens-write").secret());
        lesser.patch(path, Map.of("name", "Renamed")).expectMissing("messages-read");
        lesser.patch(path, Map.of("isActive", false)).expect(200);
        assertThat(Tenant.events(made.data("_id"))).containsExactly("create", "disable");
    }

    @Test
    void anAddressThatWasStoredInAnotherSpellingIsTheSameAddress() {
        Tables.update("update api_tokens set allowed_ips = '{2001:DB8::0:1,192.0.2.1}' where id = ?", before.id());

        assertThat(company.api().patch(before.path(), Map.of()).expect(200).header("ETag"))
                .isEqualTo("\"0\"");
        Api lesser = Api.as(company.token("admin-apitokens-write").secret());
        lesser.patch(before.path(), Map.of("isActive", false)).expect(200);
        assertThat(Tenant.events(before.id())).containsExactly("create", "disable");
    }

    @Test
    void tokensFromBeforeStayAndTheListNamesThoseThatBreakThePolicy() {
        Token bounded = company.token("messages-read");
        company.edit(bounded, Map.of("expiresAt", in(5), "allowedIps", List.of("192.0.2.1")));
        Token gone = company.token("messages-read");
        company.revoke(gone);
        assertThat(breaking("true")).isEmpty();
        assertThat(breaking("false")).hasSize(3);

        policy(Map.of("maxLifetimeDays", 30));
        assertThat(breaking("true")).containsExactly(before.id());
        policy(Map.of("maxLifetimeDays", 3));
        assertThat(breaking("true")).containsExactlyInAnyOrder(before.id(), bounded.id());
        company.api()
                .patch("/api/v2/company", "{\"maxLifetimeDays\": null, \"requireAllowedIps\": true}")
                .expect(200);
        assertThat(breaking("true")).containsExactly(before.id());
        assertThat(breaking("false")).containsExactlyInAnyOrder(bounded.id(), gone.id());

        // it works as before, and what an edit leaves as it is, is not asked again
        Api.as(before.secret()).get("/api/v2/users/me").expect(200);
        company.edit(before, Map.of("name", "Renamed"));
        company.api().get(TOKENS + "?breaksPolicy=perhaps").expectFields("breaksPolicy: type");
    }

    @Test
    void beyondTheMostLivingTokensNoneIsMadeNotEvenAtTheSameMoment() throws Exception {
        try (Node small = Node.apart(List.of("signet.max-living-tokens=5"))) {
            Api api = Api.at(small, company.bearer());
            List<Future<Answer>> sent = new ArrayList<>();
            try (ExecutorService many = Executors.newFixedThreadPool(8)) {
                for (int i = 0; i < 8; i++) {
                    sent.add(many.submit(() -> api.post(TOKENS, newToken(role))));
                }
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Answer> answer : sent) {
                statuses.add(answer.get().status());
            }
            assertThat(statuses)
                    .containsOnly(201, 409)
                    .filteredOn(status -> status == 201)
                    .hasSize(4);
            Answer refused = api.post(TOKENS, newToken(role)).expect(409, "too_many_tokens");
            assertThat(refused.body().path("detail").asString()).contains("5");

            // an expired one may not come back beside them; a revoked one makes room
            Token old = company.token("messages-read");
            Tables.update("update api_tokens set expires_at = now() where id = ?", old.id());
            api.patch(old.path(), Map.of("expiresAt", in(5))).expect(409, "too_many_tokens");
            company.revoke(before);
            api.patch(old.path(), Map.of("expiresAt", in(5))).expect(200);
        }
    }

    private void policy(Map<String, ?> policy) {
        company.api().patch("/api/v2/company", policy).expect(200);
    }

    private Answer create(String field, @Nullable Object value) {
        return company.api().post(TOKENS, with(newToken(role), field, value));
    }

    private List<String> breaking(String value) {
        return company
                .api()
                .get(TOKENS + "?breaksPolicy=" + value)
                .expect(200)
                .data()
                .path("apiTokens")
                .values()
                .stream()
                .map(token -> token.path("_id").asString())
                .toList();
    }

    private static String in(int days) {
        return Instant.now().plus(Duration.ofDays(days)).toString();
    }
}
