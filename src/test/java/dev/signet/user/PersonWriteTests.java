package dev.signet.user;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.USERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

/** Of many people and roles, a write changes the one that it names. */
class PersonWriteTests {

    private final Tenant company = Tenant.create();
    private final String role = company.role("messages-read");

    @Test
    void ofAHundredPeopleAnEditChangesOne() {
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            people.add(company.person(role));
        }
        String next = company.role("messages-read");
        Person signedIn = people.get(40);
        company.signIn(signedIn);

        for (Map<String, Object> change : List.<Map<String, Object>>of(
                Map.of("name", Map.of("names", "Another")),
                Map.of("email", "another." + company.email()),
                Map.of("accessRoles", List.of(next)),
                Map.of("jobTitle", "Another"),
                Map.of("isActive", false))) {
            Person person = people.remove(17);
            assertChanges(() -> company.api().patch(person.path(), change), person.id(), "users", "audit_logs");
        }
        assertChanges(
                () -> company.api().post(signedIn.path() + "/password", null),
                signedIn.id(),
                "passwords",
                "sessions",
                "audit_logs");
        company.signIn(signedIn);
        assertChanges(
                () -> company.api().patch(signedIn.path(), Map.of("isActive", false)),
                signedIn.id(),
                "users",
                "sessions",
                "audit_logs");
        assertChanges(() -> company.api().post(USERS, Tenant.newPerson(role)), "", "users", "audit_logs");
    }

    @Test
    void ofAHundredRolesAnEditChangesOne() {
        List<String> roles = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            roles.add(company.role("messages-read"));
        }
        company.person(roles.subList(0, 50).toArray(String[]::new));
        for (Map<String, Object> change : List.<Map<String, Object>>of(
                Map.of("name", "Another"),
                Map.of("description", "another"),
                Map.of("permissions", List.of("messages-write")),
                Map.of("active", false))) {
            String id = roles.remove(17);
            assertChanges(() -> company.api().patch(ROLES + "/" + id, change), id, "access_roles", "audit_logs");
        }
    }

    @Test
    void fieldsThatAreNotTheCallersToSayAreNamedAndNothingIsWritten() {
        Person person = company.person(role);
        Map<String, Map<String, Object>> writes = Map.of(
                "POST " + USERS,
                Tenant.newPerson(role),
                "PATCH " + person.path(),
                Map.of("jobTitle", "changed"),
                "PATCH /api/v2/company",
                Map.of("requireAllowedIps", true));
        List<String> before = Tables.dump(company.id());
        writes.forEach((call, body) -> {
            String[] parts = call.split(" ", 2);
            for (String field : List.of(
                    "_id",
                    "id",
                    "company",
                    "companies",
                    "companyId",
                    "isBot",
                    "password",
                    "hash",
                    "version",
                    "search",
                    "createdAt",
                    "modifiedAt",
                    "permissionsV2",
                    "needPasswordChange",
                    "Email")) {
                company.api()
                        .send(HttpMethod.valueOf(parts[0]), parts[1], Tenant.with(body, field, "0".repeat(24)))
                        .expectFields(field + ": unknown_field");
            }
        });
        assertThat(Tables.dump(company.id())).isEqualTo(before);
    }

    /** One row of each table, and each row that of the thing with the id. */
    private static void assertChanges(Supplier<Answer> write, String id, String... tables) {
        Set<String> before = new HashSet<>(Tables.written());
        assertThat(write.get().status()).isBetween(200, 201);
        List<String> after = new ArrayList<>(Tables.written());
        after.removeAll(before);
        assertThat(after).allMatch(row -> row.contains(id));
        assertThat(after.stream().map(row -> row.substring(0, row.indexOf(' '))).toList())
                .as(after.toString())
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(tables));
    }
}
