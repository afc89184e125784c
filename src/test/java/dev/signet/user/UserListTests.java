package dev.signet.user;

import static dev.signet.Tenant.USERS;
import static dev.signet.Tenant.newPerson;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Tenant.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the list of users can be asked. */
class UserListTests {

    private final Tenant company = Tenant.create();
    private final String admin = company.api().get(USERS + "/me").data("_id");

    @Test
    void activePeopleAreListedAndBotsWhereAskedFor() {
        Person person = company.person();
        Person gone = company.person();
        company.api().patch(gone.path(), Map.of("isActive", false)).expect(200);
        Token token = company.token("messages-read");

        assertThat(ids("")).containsExactlyInAnyOrder(admin, person.id());
        assertThat(ids("?isBot=false")).containsExactlyInAnyOrder(admin, person.id());
        assertThat(ids("?isBot=true")).containsExactly(token.user());
        assertThat(ids("?isBot=all")).containsExactlyInAnyOrder(admin, person.id(), token.user());
        assertThat(ids("?isActive=false")).containsExactly(gone.id());
        assertThat(ids("?isActive=all&isBot=all")).hasSize(4);
        JsonNode counted = list("?count=true&limit=1").data();
        assertThat(counted.path("count").asInt()).isEqualTo(2);
        assertThat(counted.path("users").size()).isEqualTo(1);
    }

    @Test
    void filtersNarrowTheList() {
        String role = company.role("messages-read");
        Person one = company.person(role, company.role());
        Person two = company.person();

        assertThat(ids("?email=" + one.email().toUpperCase(Locale.ROOT) + "&email=" + two.email()))
                .containsExactlyInAnyOrder(one.id(), two.id());
        assertThat(ids("?email=" + one.email() + "&email=")).containsExactly(one.id());
        assertThat(ids("?email=person")).isEmpty();
        assertThat(ids("?email=" + Tenant.create().email())).isEmpty();
        assertThat(ids("?accessRole=" + role)).containsExactly(one.id());
        assertThat(ids("?id=" + two.id() + "&id=ffffffffffffffffffffffff&id=")).containsExactly(two.id());
        assertThat(ids("?ids=" + two.id() + "&ids=" + one.id())).containsExactlyInAnyOrder(one.id(), two.id());
        assertThat(ids("?email=&accessRole=&id=&isBot=")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "isBot=yes, isBot: pattern",
        "accessRole=ffffffffffffffffffffffff, accessRole: unknown_id",
        "sortBy=code, sortBy: one_of",
        "role=x, role: unknown_parameter",
    })
    void whatTheListCannotBeAskedIsNamed(String query, String field) {
        list("?" + query).expectFields(field);
    }

    @Test
    void aRoleOfAnotherCompanyIsAsUnknownAsNone() {
        list("?accessRole=" + Tenant.create().role()).expectFields("accessRole: unknown_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "email", "created", "modified"})
    void byCursorEachOneComesExactlyOnceInEverySortAndOrder(String sort) {
        for (int i = 0; i < 8; i++) {
            company.api()
                    .post(
                            USERS,
                            with(newPerson(), "name", Map.of("names", i % 2 == 0 ? "Ñandú" : "ñandu", "lastName", "")))
                    .expect(201);
        }
        for (String order : List.of("asc", "desc")) {
            String query = "?sortBy=" + sort + "&orderBy=" + order;
            List<String> walked = new ArrayList<>();
            Answer page = list(query + "&limit=2");
            walked.addAll(ids(page));
            while (page.data().has("nextCursor")) {
                page = list(query + "&limit=2&cursor=" + page.data("nextCursor"));
                walked.addAll(ids(page));
            }
            assertThat(walked).hasSize(9).doesNotHaveDuplicates().isEqualTo(ids(query + "&limit=100"));
        }
    }

    @Test
    void anEMailSortsWithoutCase() {
        for (String name : List.of("b", "C", "a")) {
            company.api()
                    .post(USERS, with(newPerson(), "email", name + "." + company.email()))
                    .expect(201);
        }
        assertThat(list("?sortBy=email&orderBy=asc&search=.admin")
                        .data()
                        .path("users")
                        .values())
                .extracting(user -> user.path("email").asString().substring(0, 1))
                .containsExactly("a", "b", "C");
    }

    @Test
    void peopleAreFoundByNameAndEMailWithoutCaseOrAccents() {
        Person person = company.person();
        company.api()
                .patch(person.path(), Map.of("name", Map.of("lastName", "Muñoz", "secondLastName", "Núñez")))
                .expect(200);
        for (String found : List.of("munoz", "NUNEZ", "person%20mu", person.email())) {
            assertThat(ids("?search=" + found)).as(found).containsExactly(person.id());
        }
        assertThat(ids("?search=number")).isEmpty();
    }

    private Answer list(String query) {
        return company.api().get(USERS + query);
    }

    private List<String> ids(String query) {
        return ids(list(query));
    }

    private static List<String> ids(Answer answer) {
        return answer.expect(200).data().path("users").values().stream()
                .map(user -> user.path("_id").asString())
                .toList();
    }
}
