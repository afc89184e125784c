package dev.signet.user;

import static dev.signet.Tenant.USERS;
import static dev.signet.Tenant.newPerson;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One e-mail address is one account, wherever it is written. */
class EmailIdentityTests {

    private final Tenant company = Tenant.create();
    private final String name = "j\u00f6rg" + System.nanoTime();
    private final List<String> spellings = List.of(
            name + "@b\u00fccher.example",
            name.replace("\u00f6", "o\u0308") + "@bu\u0308cher.example",
            name.replace("\u00f6", "\u00d6") + "@XN--BCHER-KVA.example",
            " " + name + "@b\u00dccher.example\t");
    private final String canonical = name + "@xn--bcher-kva.example";

    @Test
    void everySpellingIsTheOneAccount() {
        Answer made = company.api()
                .post(USERS, with(newPerson(company.role("admin-auditlogs-read")), "email", spellings.get(1)))
                .expect(201);
        assertThat(made.data("email")).isEqualTo(canonical);
        Person person = new Person(made.data("_id"), canonical);
        company.signIn(person);
        Person other = company.person();

        for (String spelling : spellings) {
            Tenant.create()
                    .api()
                    .post(USERS, with(newPerson(), "email", spelling))
                    .expect(409, "email_taken");
            company.api().patch(other.path(), Map.of("email", spelling)).expect(409, "email_taken");
            assertThat(company.api()
                            .patch(person.path(), Map.of("email", spelling))
                            .expect(200)
                            .data("email"))
                    .isEqualToIgnoringCase(canonical);
            signIn(spelling, Tenant.PASSWORD).expect(200);
            assertThat(ids(USERS + "?email=" + encoded(spelling), "users")).containsExactly(person.id());
            assertThat(ids("/api/v2/auditlogs?event=signin&email=" + encoded(spelling), "auditLogs"))
                    .isNotEmpty();
            assertThat(Node.one().bean(UserService.class).findPerson(spelling).map(User::id))
                    .contains(person.id());
        }
    }

    @Test
    void everySpellingSharesTheThrottle() {
        Node.sql("delete from signin_throttles").update();
        try {
            for (int i = 0; i < 5; i++) {
                signIn(spellings.get(i % spellings.size()), "not the one").expect(401, "signin_failed");
            }
            for (String spelling : spellings) {
                signIn(spelling, "not the one").expect(429);
            }
        } finally {
            Node.sql("delete from signin_throttles").update();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailto:x@y.z",
                "a\u3164@y.z",
                "a\u200b@y.z",
                "a\u202eb@y.z",
                "a..b@y.z",
                ".a@y.z",
                "a@y..z",
                "a@y.z."
            })
    void whatCannotBeAnAddressIsRefused(String email) {
        company.api().post(USERS, with(newPerson(), "email", email)).expectFields("email: email");
        company.api().patch(company.person().path(), Map.of("email", email)).expectFields("email: email");
    }

    @Test
    void anAccountWhoseAddressBelongsToAnotherIsEditedAndKeepsItsText() {
        company.api().post(USERS, with(newPerson(), "email", canonical)).expect(201);
        Person displaced = company.person();
        Tables.update(
                "update users set email = ?, email_key = ? where id = ?",
                spellings.getFirst(),
                " " + canonical + " " + displaced.id(),
                displaced.id());

        company.api().patch(displaced.path(), Map.of("isActive", false)).expect(200);
        Answer renamed = company.api()
                .patch(displaced.path(), Map.of("jobTitle", "Analyst", "email", spellings.getFirst()))
                .expect(200);
        assertThat(renamed.data("email")).isEqualTo(spellings.getFirst());
        assertThat(Tables.texts("select email_key from users where id = ?", displaced.id()))
                .containsExactly(" " + canonical + " " + displaced.id());
        company.api()
                .patch(displaced.path(), Map.of("email", canonical.toUpperCase(Locale.ROOT)))
                .expect(409, "email_taken");

        String free = "free" + displaced.email();
        company.api().patch(displaced.path(), Map.of("email", free)).expect(200);
        assertThat(Node.one().bean(UserService.class).findPerson(free).map(User::id))
                .contains(displaced.id());
    }

    @Test
    void anAccountWhoseAddressIsNoneByNowIsEdited() {
        Person person = company.person();
        String before = "mailto:" + person.email();
        Tables.update("update users set email = ?, email_key = ? where id = ?", before, before, person.id());

        assertThat(company.api()
                        .patch(person.path(), Map.of("isActive", false))
                        .expect(200)
                        .data("email"))
                .isEqualTo(before);
        company.api().patch(person.path(), Map.of("email", before)).expectFields("email: email");
    }

    private static Answer signIn(String email, String password) {
        return Api.as(null).post("/auth/local", Map.of("email", email, "password", password));
    }

    private List<String> ids(String path, String list) {
        return company.api().get(path).expect(200).data().path(list).values().stream()
                .map(one -> one.path("_id").asString())
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
