package dev.signet.token;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.newToken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void whatAMakerLosesItCannotHandOutAnyMore() {
        Token maker = company.token(WRITE, "messages-read");
        String role = company.role("messages-read");
        Api.as(maker.secret()).post(TOKENS, newToken(role)).expect(201);

        company.edit(maker, Map.of("accessRoles", List.of(company.role(WRITE))));

        Api.as(maker.secret()).post(TOKENS, newToken(role)).expectMissing("messages-read");
    }

    private Api maker(String permissions) {
        return Api.as(company.token(permissions.split(" ")).secret());
    }
}
