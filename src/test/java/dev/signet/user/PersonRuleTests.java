package dev.signet.user;

import static dev.signet.Tenant.USERS;
import static dev.signet.Tenant.newPerson;
import static dev.signet.Tenant.with;
import static dev.signet.Tenant.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Tenant.Token;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** People are made and edited by the rules of the contract; whoever breaks one is told which. */
class PersonRuleTests {

    private final Tenant company = Tenant.create();

    @Test
    void aNewPersonIsAnsweredWithTheirRecordAndAddress() {
        String role = company.role("messages-read");
        Answer made = company.api()
                .post(
                        USERS,
                        Map.of(
                                "email",
                                "Ada." + company.email(),
                                "name",
                                Map.of("names", " Ada ", "lastName", "Lovelace", "secondLastName", "Byron"),
                                "accessRoles",
                                List.of(role, role),
                                "jobTitle",
                                "Analyst"))
                .expect(201);

        JsonNode person = made.data();
        assertThat(made.header("Location")).isEqualTo(USERS + "/" + made.data("_id"));
        assertThat(made.header("ETag")).isEqualTo("\"0\"");
        assertThat(person.propertyNames())
                .containsExactlyInAnyOrder(
                        "_id",
                        "email",
                        "name",
                        "jobTitle",
                        "avatar",
                        "isBot",
                        "isActive",
                        "accessRoles",
                        "company",
                        "companies",
                        "createdAt",
                        "modifiedAt");
        assertThat(made.data("email")).isEqualTo("Ada." + company.email());
        assertThat(person.path("name"))
                .hasToString(
                        "{\"displayName\":\"Ada Lovelace\",\"names\":\"Ada\",\"lastName\":\"Lovelace\",\"secondLastName\":\"Byron\"}");
        assertThat(made.data("jobTitle")).isEqualTo("Analyst");
        assertThat(person.path("accessRoles")).hasToString("[\"" + role + "\"]");
        assertThat(person.path("isBot").asBoolean()).isFalse();
        assertThat(person.path("isActive").asBoolean()).isTrue();
        assertThat(company.api().get(USERS + "/" + made.data("_id")).data()).isEqualTo(person);
        assertThat(Tenant.events(made.data("_id"))).containsExactly("create");
    }

    @Test
    void aNewPersonCannotSignInBeforeTheyHaveAPassword() {
        Person person = company.person();
        for (String password : List.of("", "null", Tenant.PASSWORD)) {
            Api.as(null)
                    .post("/auth/local", Map.of("email", person.email(), "password", password))
                    .expect(401, "signin_failed");
        }
        Node.sql("delete from signin_throttles").update();
    }

    @Test
    void aDisplayNameMayBeChosenAndTheRestOfTheNameLeftOut() {
        Map<String, Object> name = Map.of("names", "Augusta Ada", "lastName", "", "displayName", "Ada");
        JsonNode made = company.api()
                .post(USERS, with(newPerson(), "name", name))
                .expect(201)
                .data();

        assertThat(made.at("/name/displayName").asString()).isEqualTo("Ada");
        assertThat(made.at("/name/secondLastName").asString()).isEmpty();
        assertThat(made.path("jobTitle").isNull()).isTrue();
        assertThat(made.path("avatar").has("_id")).isFalse();
    }

    @Test
    void aDisplayNameThatWouldBeTooLongIsTheNamesAlone() {
        Map<String, Object> name = Map.of("names", "n".repeat(80), "lastName", "l".repeat(80));
        assertThat(company.api()
                        .post(USERS, with(newPerson(), "name", name))
                        .expect(201)
                        .data()
                        .at("/name/displayName")
                        .asString())
                .isEqualTo("n".repeat(80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"email", "name", "accessRoles"})
    void whatAPersonNeedsIsMissed(String field) {
        company.api().post(USERS, without(newPerson(), field)).expectFields(field + ": required");
        company.api().post(USERS, with(newPerson(), field, null)).expectFields(field + ": required");
        company.api()
                .patch(company.person().path(), with(Map.of(), field, null))
                .expectFields(field + ": required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"names", "lastName"})
    void whatANameNeedsIsMissed(String part) {
        Map<String, Object> name = Map.of("names", "Ada", "lastName", "Lovelace");
        company.api()
                .post(USERS, with(newPerson(), "name", without(name, part)))
                .expectFields("name." + part + ": required");
        company.api()
                .patch(company.person().path(), Map.of("name", with(Map.of(), part, null)))
                .expectFields("name." + part + ": required");
    }

    @ParameterizedTest
    @CsvSource({
        "email, \"ada\", email: email",
        "email, \"ada@\", email: email",
        "email, \"a b@example.com\", email: email",
        "email, \"ad\\u200ba@example.com\", email: email",
        "email, \"a@b@c\", email: email",
        "email, \"\", email: email",
        "email, 1, email: type",
        "name, \"Ada\", name: type",
        "name, {\"names\": \" \"}, name.names: required",
        "name, {\"names\": \"pay\\u200bpal\"}, name.names: name",
        "name, {\"lastName\": 1}, name.lastName: type",
        "name, {\"nombre\": \"Ada\"}, name.nombre: unknown_field",
        "name, {\"displayName\": \"\"}, name.displayName: required",
        "name, {\"secondLastName\": null}, name.secondLastName: required",
        "jobTitle, \"a\\u202eb\", jobTitle: name",
        "isActive, null, isActive: required",
        "isActive, \"true\", isActive: type",
        "accessRoles, [null], accessRoles[0]: required",
        "accessRoles, \"x\", accessRoles: type",
        "accessRoles, [\"x\"], accessRoles[0]: unknown_id",
        "avatar, \"ffffffffffffffffffffffff\", avatar: unknown_id",
        "avatar, {}, avatar: type",
        "_id, \"ffffffffffffffffffffffff\", _id: unknown_field",
        "company, \"ffffffffffffffffffffffff\", company: unknown_field",
        "isBot, true, isBot: unknown_field",
        "password, \"x\", password: unknown_field",
        "permissionsV2, [\"*\"], permissionsV2: unknown_field",
    })
    void aValueThatCannotBeIsRefusedAtItsFieldAndChangesNothing(String field, String value, String refusal) {
        Person person = company.person();
        company.api()
                .patch(person.path(), "{\"%s\": %s}".formatted(field, value))
                .expectFields(refusal);
        assertThat(company.api().get(person.path()).header("ETag")).isEqualTo("\"0\"");
    }

    @Test
    void whatIsTooLongIsRefusedAtItsField() {
        Api api = company.api();
        api.post(USERS, with(newPerson(), "email", "a".repeat(243) + "@example.com"))
                .expectFields("email: email");
        api.post(USERS, with(newPerson(), "email", "a".repeat(242) + "@example.com"))
                .expect(201);
        api.post(USERS, with(newPerson(), "jobTitle", "j".repeat(81))).expectFields("jobTitle: size");
        api.post(USERS, with(newPerson(), "name", Map.of("names", "n".repeat(81), "lastName", "")))
                .expectFields("name.names: size");
        api.post(USERS, with(newPerson(), "accessRoles", Collections.nCopies(51, "x")))
                .expectFields("accessRoles: size");
        api.post(
                        USERS,
                        with(
                                newPerson(),
                                "accessRoles",
                                List.of(company.role(), "x", Tenant.create().role())))
                .expectFields("accessRoles[1]: unknown_id", "accessRoles[2]: unknown_id");
    }

    @Test
    void anEMailBelongsToOneAccountWhateverItsCaseAndCompany() {
        Person person = company.person();
        Tenant other = Tenant.create();
        String taken = person.email().toUpperCase(Locale.ROOT);

        other.api().post(USERS, with(newPerson(), "email", taken)).expect(409, "email_taken");
        other.api().patch(other.person().path(), Map.of("email", taken)).expect(409, "email_taken");
        assertThat(company.api()
                        .patch(person.path(), Map.of("email", taken))
                        .expect(200)
                        .data("email"))
                .isEqualTo(taken.replace("EXAMPLE.COM", "example.com"));
    }

    @Test
    void whatCanBeNullWhenReadIsClearedByNull() {
        Person person = company.person();
        company.api().patch(person.path(), Map.of("jobTitle", "Analyst")).expect(200);
        Answer cleared = company.api()
                .patch(person.path(), with(with(Map.of(), "jobTitle", null), "avatar", null))
                .expect(200);
        assertThat(cleared.data().path("jobTitle").isNull()).isTrue();
        assertThat(company.api().get(person.path()).data()).isEqualTo(cleared.data());

        company.api().post(USERS, with(newPerson(), "jobTitle", null)).expect(201);
    }

    @Test
    void anEditChangesOnlyWhatItNames() {
        Person person = company.person(company.role("messages-read"));
        JsonNode before = company.api().get(person.path()).data();
        Answer edited = company.api()
                .patch(person.path(), Map.of("name", Map.of("secondLastName", "Byron"), "jobTitle", "Analyst"))
                .expect(200);

        assertThat(edited.header("ETag")).isEqualTo("\"1\"");
        assertThat(edited.data().at("/name/secondLastName").asString()).isEqualTo("Byron");
        assertThat(edited.data().at("/name/names")).isEqualTo(before.at("/name/names"));
        assertThat(edited.data().at("/name/displayName")).isEqualTo(before.at("/name/displayName"));
        assertThat(edited.data().path("accessRoles")).isEqualTo(before.path("accessRoles"));
        assertThat(edited.data("email")).isEqualTo(person.email());
        assertThat(company.api().get(person.path()).data()).isEqualTo(edited.data());
        assertThat(Node.sql("select changes from audit_logs where item = ? and event = 'modify'")
                        .param(person.id())
                        .query(String.class)
                        .single())
                .contains("/name/secondLastName", "/jobTitle")
                .doesNotContain("/name/names", "/email", "/accessRoles");
        assertThat(company.api()
                        .patch(person.path(), Map.of("jobTitle", " "))
                        .expect(200)
                        .data()
                        .path("jobTitle")
                        .isNull())
                .isTrue();
    }

    @Test
    void aDisplayNameFollowsTheNameUntilSomebodyChoosesIt() {
        String path = company.person().path();
        assertThat(displayName(path, Map.of("names", "Ada", "lastName", "Lovelace")))
                .isEqualTo("Ada Lovelace");
        assertThat(displayName(path, Map.of("lastName", ""))).isEqualTo("Ada");
        assertThat(displayName(path, Map.of("names", "Augusta", "displayName", "Countess")))
                .isEqualTo("Countess");
        assertThat(displayName(path, Map.of("names", "Ada"))).isEqualTo("Countess");
    }

    @Test
    void switchingOffAndOnAreEventsOfTheirOwn() {
        Person person = company.person();
        company.api().patch(person.path(), Map.of("isActive", false)).expect(200);
        company.api().patch(person.path(), Map.of("isActive", true)).expect(200);
        assertThat(Tenant.events(person.id())).containsExactly("create", "disable", "enable");
    }

    @Test
    void anEditThatChangesNothingLeavesVersionTimeAndLogAlone() {
        String role = company.role("messages-read");
        Person person = company.person(role);
        Answer before = company.api().get(person.path());
        for (Map<String, Object> same : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("name", Map.of()),
                Map.of("name", Map.of("names", " Person ")),
                Map.of("accessRoles", List.of(role, role), "isActive", true),
                with(Map.of("jobTitle", " "), "avatar", null))) {
            Answer unchanged = company.api().patch(person.path(), same).expect(200);
            assertThat(unchanged.data()).isEqualTo(before.data());
            assertThat(unchanged.header("ETag")).isEqualTo("\"0\"");
        }
        assertThat(Tenant.events(person.id())).containsExactly("create");
    }

    @Test
    void aStaleEditIsRefused() {
        Person person = company.person();
        Api read = company.api().with("If-Match", "W/\"0\"");
        read.patch(person.path(), Map.of("jobTitle", "First")).expect(200);
        read.patch(person.path(), Map.of("jobTitle", "Second")).expect(412, "stale");
        assertThat(company.api().get(person.path()).data("jobTitle")).isEqualTo("First");
    }

    @Test
    void aBotIsSeenButChangedOnlyThroughItsToken() {
        Token token = company.token("messages-read");
        String bot = USERS + "/" + token.user();
        Answer before = company.api().get(bot).expect(200);
        assertThat(before.data().path("isBot").asBoolean()).isTrue();

        for (Map<String, Object> change : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("isActive", false),
                Map.of("name", Map.of("displayName", "Person")),
                Map.of("email", "bot@example.com"))) {
            company.api().patch(bot, change).expect(409, "managed_by_token");
        }
        company.api().post(bot + "/password", null).expect(409, "managed_by_token");
        Api.as(company.token("admin-users-write").secret())
                .patch(bot, Map.of("isActive", false))
                .expectMissing("messages-read");
        assertThat(company.api().get(bot).data()).isEqualTo(before.data());
    }

    @Test
    void theCallerIsToldWhoTheyAre() {
        JsonNode me = company.api().get(USERS + "/me").expect(200).data();
        JsonNode record = company.api()
                .get(USERS + "/" + me.path("_id").asString())
                .expect(200)
                .data();
        record.propertyStream()
                .forEach(field ->
                        assertThat(me.path(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
        assertThat(me.path("company"))
                .hasToString(
                        "{\"_id\":\"%s\",\"displayName\":\"Company of %s\"}".formatted(company.id(), company.email()));
        assertThat(me.path("companies")).hasToString("[{\"companyId\":\"" + company.id() + "\"}]");
        assertThat(me.path("name").propertyNames())
                .containsExactlyInAnyOrder("displayName", "names", "lastName", "secondLastName");
        assertThat(me.path("permissionsV2").values())
                .extracting(JsonNode::asString)
                .contains("*", "admin-users-write", "messages-impersonate");
    }

    private String displayName(String path, Map<String, String> name) {
        return company.api()
                .patch(path, Map.of("name", name))
                .expect(200)
                .data()
                .at("/name/displayName")
                .asString();
    }
}
