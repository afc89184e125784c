package dev.signet.user;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.USERS;
import static dev.signet.Tenant.newToken;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A company never loses its last administrator. */
class LastAdministratorTests {

    private final Tenant company = Tenant.create();
    private final String admin = USERS + "/" + company.api().get(USERS + "/me").data("_id");
    private final String fullAdmin = company.api()
            .get(ROLES + "?search=full%20admin")
            .data()
            .at("/accessRoles/0/_id")
            .asString();

    @Test
    void theLastActivePersonWithFullAdminKeepsItAndStaysActive() {
        company.api().patch(admin, Map.of("isActive", false)).expect(409, "last_administrator");
        company.api().patch(admin, Map.of("accessRoles", List.of())).expect(409, "last_administrator");
        company.api()
                .patch(admin, Map.of("accessRoles", List.of(company.role("*"))))
                .expect(409, "last_administrator");
        assertThat(company.api().get(admin).header("ETag")).isEqualTo("\"0\"");
        company.api()
                .patch(admin, Map.of("accessRoles", List.of(company.role(), fullAdmin), "jobTitle", "Founder"))
                .expect(200);
    }

    @Test
    void onlyAnotherActivePersonOfTheCompanyWithThatRoleTakesTheirPlace() {
        company.api().post(TOKENS, newToken(fullAdmin)).expect(201);
        company.person(company.role("*"));
        Tenant.create();
        Person other = company.person(fullAdmin);
        company.api().patch(other.path(), Map.of("isActive", false)).expect(200);
        company.api().patch(admin, Map.of("isActive", false)).expect(409, "last_administrator");

        company.api().patch(other.path(), Map.of("isActive", true)).expect(200);
        company.api().patch(admin, Map.of("isActive", false)).expect(200);
    }

    @Test
    void ofTwoAdministratorsWhoGoAtOnceOneStays() {
        Person other = company.person(fullAdmin);
        String bot = company.api().post(TOKENS, newToken(fullAdmin)).data("token");
        for (int race = 0; race < 200; race++) {
            CompletableFuture<Answer> one = leave(Node.one(), bot, admin, race % 2 == 0);
            CompletableFuture<Answer> two = leave(Node.other(), bot, other.path(), race % 3 == 0);
            boolean oneLeft = one.join().status() == 200;
            (oneLeft ? two : one).join().expect(409, "last_administrator");
            (oneLeft ? one : two).join().expect(200);
            assertThat(Tables.texts(
                            "select id from users where company_id = ? and not is_bot and is_active and ? = any(access_roles)",
                            company.id(),
                            fullAdmin))
                    .hasSize(1);
            Api.as(bot)
                    .patch(oneLeft ? admin : other.path(), Map.of("isActive", true, "accessRoles", List.of(fullAdmin)))
                    .expect(200);
        }
    }

    private static CompletableFuture<Answer> leave(Node node, String bearer, String path, boolean off) {
        return supplyAsync(() ->
                Api.at(node, bearer).patch(path, off ? Map.of("isActive", false) : Map.of("accessRoles", List.of())));
    }
}
