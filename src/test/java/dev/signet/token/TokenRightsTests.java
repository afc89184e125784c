package dev.signet.token;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.newToken;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Nobody hands out what they do not hold. */
class TokenRightsTests {

    private static final String WRITE = "admin-apitokens-write";

    private final Tenant company = Tenant.create();

    @ParameterizedTest
    @CsvSource({
        "admin-apitokens-write messages-read, messages-read",
        "admin-apitokens-write messages-write, messages-read",
        "admin-apitokens-write, admin-apitokens-read",
        "admin-apitokens-write admin-*-read, admin-users-read",
        "admin-apitokens-write admin-*-read, admin-*-read",
        "admin-*-write, admin-users-write",
        "admin-*-write, admin-*-read",
        "admin-apitokens-write shop-orders-read, shop-orders-read",
        "*, *",
        "*, shop-orders-read",
    })
    void whoHoldsItMayHandItOut(String held, String granted) {
        Api maker = maker(held);
        Token token = company.token(granted);

        maker.post(TOKENS, newToken(company.role(granted))).expect(201);
        maker.patch(token.path(), Map.of("name", "Renamed")).expect(200);
        maker.patch(token.path(), Map.of("impersonates", List.of(token.user()))).expect(200);
        maker.post(token.path() + "/rotate", Map.of()).expect(200);
    }

    @ParameterizedTest
    @CsvSource({
        "admin-apitokens-write, messages-read",
        "admin-apitokens-write messages-read, messages-write",
        "admin-apitokens-write admin-*-read, admin-users-write",
        "admin-apitokens-write admin-*-read, admin-*-write",
        "admin-*-write, admin-access",
        "admin-*-write, messages-read",
        "admin-*-write, *",
        "admin-*-write, tokens-verify",
        "admin-*-write, admin-shop-read",
        "admin-apitokens-write shop-orders-write, shop-orders-read",
        "admin-apitokens-write shop-orders-read, shop-orders-write",
        "admin-access admin-accesscontrol-write admin-apitokens-write admin-auditlogs-read admin-channels-write"
                + " admin-company-write admin-users-write, admin-*-read",
        "admin-access admin-*-read admin-*-write messages-impersonate messages-write tokens-verify, *",
    })
    void whoDoesNotHoldItIsToldWhatIsMissing(String held, String granted) {
        Api maker = maker(held);
        String role = company.role(granted);
        Token more = company.token(granted);
        Token less = company.token("admin-apitokens-read");

        maker.post(TOKENS, newToken(role)).expectMissing(granted);
        maker.patch(less.path(), Map.of("accessRoles", List.of(less.role(), role)))
                .expectMissing(granted);
        maker.patch(more.path(), Map.of("accessRoles", List.of(less.role()))).expectMissing(granted);
        maker.patch(more.path(), Map.of("name", "Renamed")).expectMissing(granted);
        maker.post(more.path() + "/rotate", Map.of()).expectMissing(granted);
        maker.post(TOKENS, with(newToken(less.role()), "impersonates", List.of(more.user())))
                .expectMissing(granted);
        maker.patch(less.path(), Map.of("impersonates", List.of(more.user()))).expectMissing(granted);
        assertThat(company.api().get(more.path()).header("ETag")).isEqualTo("\"0\"");
        assertThat(company.api().get(less.path()).header("ETag")).isEqualTo("\"0\"");
    }

    @Test
    void allThatIsMissingIsNamedInTheChallengeToo() {
        var refused = maker(WRITE).post(TOKENS, newToken(company.role("tokens-verify", "messages-write")));

        refused.expectMissing("messages-write", "tokens-verify");
        assertThat(refused.header("WWW-Authenticate"))
                .isEqualTo(
                        "Bearer realm=\"signet\", error=\"insufficient_scope\", scope=\"messages-write tokens-verify\"");
        assertThat(refused.body().path("detail").asString()).contains("messages-write, tokens-verify");
    }

    @Test
    void aSwitchedOffRoleCountsAsOn() {
        Api maker = maker(WRITE);
        Token token = company.token("messages-read");
        company.api().patch(ROLES + "/" + token.role(), Map.of("active", false)).expect(200);

        maker.post(TOKENS, newToken(token.role())).expectMissing("messages-read");
        maker.patch(token.path(), Map.of("name", "Renamed")).expectMissing("messages-read");
    }

    @Test
    void switchingOffAndRevokingAreFree() {
        Api maker = maker(WRITE);
        Token token = company.token("*");

        assertThat(maker.patch(token.path(), Map.of("isActive", false))
                        .expect(200)
                        .data("status"))
                .isEqualTo("inactive");
        maker.patch(token.path(), Map.of("isActive", true)).expectMissing("*");
        assertThat(maker.post(token.path() + "/revoke", Map.of()).expect(200).data("status"))
                .isEqualTo("revoked");
    }

    @Test
    void switchingOffIsNotFreeWithAnythingBesides() {
        Api maker = maker(WRITE);
        Token token = company.token("messages-read");

        maker.patch(token.path(), Map.of("isActive", false, "name", "Renamed")).expectMissing("messages-read");
        assertThat(company.api().get(token.path()).data("status")).isEqualTo("active");
    }

    @Test
    void whomATokenMayActForCountsAsWhatItCarries() {
        Api maker = maker(WRITE + " messages-read");
        Token other = company.token("messages-write");
        Token token = company.token("messages-read");
        company.edit(token, Map.of("impersonates", List.of(other.user())));

        maker.patch(token.path(), Map.of("name", "Renamed")).expectMissing("messages-write");
        maker.patch(token.path(), Map.of("impersonates", List.of())).expectMissing("messages-write");
        maker.post(token.path() + "/rotate", Map.of()).expectMissing("messages-write");
        maker.patch(token.path(), Map.of("isActive", false)).expect(200);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noSequenceOfChangesGivesAMakerASecretThatCanMoreThanItself(long seed) {
        Random random = new Random(seed);
        Token maker = company.token(WRITE, "messages-read", "admin-*-read");
        Api api = Api.as(maker.secret());
        List<String> roles = Stream.of(
                        "messages-read",
                        "messages-write",
                        "admin-*-read",
                        "admin-users-write",
                        "*",
                        "tokens-verify",
                        WRITE)
                .map(company::role)
                .toList();
        List<String> tokens = new ArrayList<>(
                List.of(company.token("*").path(), company.token(WRITE).path()));
        List<String> users = List.of(
                company.token("*").user(), company.token("messages-read").user());
        List<String> secrets = new ArrayList<>();

        for (int step = 0; step < 80; step++) {
            String token = tokens.get(random.nextInt(tokens.size()));
            List<String> some = some(random, roles);
            Answer answer = switch (random.nextInt(4)) {
                case 0 ->
                    api.post(TOKENS, with(newToken(some.toArray(String[]::new)), "impersonates", some(random, users)));
                case 1 -> api.patch(token, Map.of("accessRoles", some));
                case 2 -> api.patch(token, Map.of("impersonates", some(random, users)));
                default -> api.post(token + "/rotate", Map.of("graceSeconds", 600));
            };
            assertThat(answer.status()).as(answer.text()).isIn(200, 201, 403);
            if (answer.data().has("token")) {
                secrets.add(answer.data("token"));
                tokens.add(TOKENS + "/" + answer.data("_id"));
            }
        }

        Set<String> held = permissions(maker.secret());
        assertThat(secrets)
                .hasSizeGreaterThan(5)
                .allSatisfy(secret -> assertThat(permissions(secret)).isSubsetOf(held));
    }

    @Test
    void whatAMakerLosesItCannotHandOutAnyMore() {
        Token maker = company.token(WRITE, "messages-read");
        String role = company.role("messages-read");
        Api.as(maker.secret()).post(TOKENS, newToken(role)).expect(201);

        company.edit(maker, Map.of("accessRoles", List.of(company.role(WRITE))));

        Api.as(maker.secret()).post(TOKENS, newToken(role)).expectMissing("messages-read");
    }

    private static List<String> some(Random random, List<String> all) {
        return all.stream()
                .filter(one -> one.equals(all.getFirst()) || random.nextInt(4) == 0)
                .toList();
    }

    /** None for a secret that was replaced. */
    private static Set<String> permissions(String secret) {
        return Api.as(secret).get("/api/v2/users/me").body().at("/data/permissionsV2").values().stream()
                .map(JsonNode::asString)
                .collect(Collectors.toSet());
    }

    private Api maker(String permissions) {
        return Api.as(company.token(permissions.split(" ")).secret());
    }
}
