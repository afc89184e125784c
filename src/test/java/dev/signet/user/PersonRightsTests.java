package dev.signet.user;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.USERS;
import static dev.signet.Tenant.newPerson;
import static dev.signet.Tenant.with;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.RowLock;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.access.Permissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nobody gives a person more than they hold, nor takes over the account of somebody who holds more. */
class PersonRightsTests {

    private static final String WRITE = "admin-users-write admin-accesscontrol-write ";

    private final Tenant company = Tenant.create();

    @ParameterizedTest
    @CsvSource({
        "messages-read, messages-read",
        "messages-write, messages-read",
        "'', admin-users-read",
        "admin-*-read, admin-apitokens-read",
        "admin-*-write, admin-company-write",
        "shop-orders-read, shop-orders-read",
        "*, *",
    })
    void whoHoldsItMayHandItOut(String held, String granted) {
        Api maker = maker(held);
        String role = company.role(granted);
        Person more = company.person(role);

        maker.post(USERS, newPerson(role)).expect(201);
        for (Map<String, Object> change : changes(more, role, company.role())) {
            maker.patch(more.path(), change).expect(200);
        }
        maker.patch(more.path(), Map.of("accessRoles", List.of(role))).expect(200);
        maker.post(more.path() + "/password", null).expect(200);
        maker.patch(ROLES + "/" + role, Map.of("permissions", List.of())).expect(200);
        maker.patch(ROLES + "/" + role, Map.of("permissions", List.of(granted))).expect(200);
    }

    @ParameterizedTest
    @CsvSource({
        "'', messages-read",
        "messages-read, messages-write",
        "admin-*-read, admin-apitokens-write",
        "admin-*-read, admin-*-write",
        "admin-*-write, admin-access",
        "admin-*-write, messages-read",
        "admin-*-write, *",
        "shop-orders-write, shop-orders-read",
        "admin-access admin-*-read admin-*-write messages-impersonate messages-write tokens-verify, *",
    })
    void whoDoesNotHoldItIsToldWhatIsMissing(String held, String granted) {
        Api maker = maker(held);
        String role = company.role(granted);
        Person more = company.person(role);
        Person less = company.person();

        maker.post(USERS, newPerson(role)).expectMissing(granted);
        maker.patch(less.path(), Map.of("accessRoles", List.of(role))).expectMissing(granted);
        for (Map<String, Object> change : changes(more, role, company.role())) {
            maker.patch(more.path(), change).expectMissing(granted);
        }
        maker.post(more.path() + "/password", null).expectMissing(granted);
        maker.patch(ROLES + "/" + role, Map.of("permissions", List.of())).expectMissing(granted);
        maker.patch(ROLES + "/" + role, Map.of("active", false)).expectMissing(granted);
        maker.post(ROLES, Map.of("name", "Made", "permissions", List.of(granted)))
                .expectMissing(granted);
        assertThat(company.api().get(more.path()).header("ETag")).isEqualTo("\"0\"");
        assertThat(company.api().get(less.path()).header("ETag")).isEqualTo("\"0\"");
        assertThat(Tenant.events(more.id())).containsExactly("create");
    }

    @Test
    void whatSomebodyIsCalledAndLooksLikeIsFree() {
        Person person = company.person(company.role("*"));
        maker("")
                .patch(person.path(), Map.of("name", Map.of("names", "Ada"), "jobTitle", "Analyst"))
                .expect(200);
        maker("").patch(person.path(), with(Map.of(), "avatar", null)).expect(200);
    }

    @Test
    void aNewNameForAnAccountWithAnAddressInAnOldSpellingIsNoChangeOfTheAddress() {
        Person person = company.person(company.role("*"));
        Tables.update(
                "update users set email = ?, email_key = ? where id = ?",
                person.id() + "@b\u00fccher.example",
                person.id() + "@xn--bcher-kva.example",
                person.id());
        maker("").patch(person.path(), Map.of("name", Map.of("names", "Ada"))).expect(200);
        maker("").patch(person.path(), Map.of("email", person.email())).expectMissing("*");
    }

    @Test
    void aSwitchedOffRoleCountsAsOn() {
        String role = company.role("messages-read");
        Person person = company.person(role);
        company.api().patch(ROLES + "/" + role, Map.of("active", false)).expect(200);

        maker("").post(USERS, newPerson(role)).expectMissing("messages-read");
        maker("").patch(person.path(), Map.of("isActive", false)).expectMissing("messages-read");
        maker("").post(person.path() + "/password", null).expectMissing("messages-read");
    }

    @Test
    void whoMayNotChangeSomebodyIsNotToldWhatIsWrongWithTheChange() {
        Person person = company.person(company.role("messages-read"));
        maker("").patch(person.path(), Map.of("email", "none")).expectMissing("messages-read");
        maker("").patch(person.path(), Map.of("accessRoles", List.of("x"))).expectMissing("messages-read");
        maker("")
                .with("If-Match", "\"7\"")
                .patch(person.path(), Map.of("isActive", false))
                .expectMissing("messages-read");
        maker("")
                .post(USERS, with(newPerson(company.role("messages-read"), "x"), "avatar", "x"))
                .expectMissing("messages-read");
    }

    @Test
    void whoIsGivenMoreMeanwhileIsNotTakenOver() throws Exception {
        Person person = company.person();
        Api maker = maker("");
        String everything = company.role("*");
        CompletableFuture<Answer> raise;
        CompletableFuture<Answer> takeOver;
        try (RowLock lock = RowLock.on("users", person.id())) {
            raise = supplyAsync(() -> company.api().patch(person.path(), Map.of("accessRoles", List.of(everything))));
            lock.awaitWaiting(1);
            takeOver = supplyAsync(() -> maker.post(person.path() + "/password", null));
            lock.awaitWaiting(2);
        }

        raise.join().expect(200);
        takeOver.join().expectMissing("*");
        assertThat(Tenant.events(person.id())).containsExactly("create", "modify");
    }

    @Test
    void noSequenceOfEditsMakesAnybodyMoreThanItsMakerIs() {
        String[] held = {"admin-users-write", "admin-accesscontrol-write", "messages-read", "shop-orders-write"};
        Permissions makers = new Permissions(Set.of(held));
        Api maker = Api.as(company.token(held).secret());
        List<String> pool = List.of("messages-read", "admin-users-read", "shop-orders-write", "messages-write", "*");
        List<String> roles = new ArrayList<>(pool.stream().map(company::role).toList());
        roles.add(company.role("messages-read", "admin-company-write"));
        List<String> people = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            people.add(company.person(roles.get(i)).id());
        }
        String off = company.role("messages-write");
        company.api().patch(ROLES + "/" + off, Map.of("active", false)).expect(200);
        roles.add(off);
        people.add(company.person(off).id());
        Map<String, Set<String>> before = excess(makers);
        Random random = new Random(20261124);
        Map<Integer, Integer> answers = new TreeMap<>();

        for (int i = 0; i < 400; i++) {
            Answer answer = switch (random.nextInt(6)) {
                case 0 -> maker.post(USERS, newPerson(some(random, roles)));
                case 1 ->
                    maker.patch(USERS + "/" + one(random, people), Map.of("accessRoles", List.of(some(random, roles))));
                case 2 -> maker.patch(USERS + "/" + one(random, people), Map.of("isActive", random.nextBoolean()));
                case 3 -> maker.post(ROLES, Map.of("name", "Made", "permissions", List.of(some(random, pool))));
                case 4 ->
                    maker.patch(ROLES + "/" + one(random, roles), Map.of("permissions", List.of(some(random, pool))));
                default -> maker.patch(ROLES + "/" + one(random, roles), Map.of("active", random.nextBoolean()));
            };
            answers.merge(answer.status(), 1, Integer::sum);
            if (answer.status() == 201) {
                (answer.header("Location").startsWith(USERS) ? people : roles).add(answer.data("_id"));
            }
        }

        assertThat(answers.keySet()).containsExactlyInAnyOrder(200, 201, 403);
        assertThat(answers.values()).as(answers.toString()).allMatch(times -> times > 30);
        assertThat(excess(makers)).isEqualTo(before);
    }

    private static List<Map<String, Object>> changes(Person person, String role, String none) {
        return List.of(
                Map.of("email", "other." + person.email()),
                Map.of("isActive", false),
                Map.of("isActive", false, "accessRoles", List.of(none, role)),
                Map.of("accessRoles", List.of(none)));
    }

    /** For each person and role what they carry beyond those permissions, where they carry any. */
    private Map<String, Set<String>> excess(Permissions makers) {
        Map<String, Set<String>> excess = new TreeMap<>();
        for (String row : Tables.texts("""
                select a.user_id || ' ' || p from authorities a join users u on u.id = a.user_id, unnest(a.permissions) p
                where a.company_id = ? and not u.is_bot
                union all select r.id || ' ' || p from access_roles r, unnest(r.permissions) p where r.company_id = ?
                """, company.id(), company.id())) {
            List<String> words = List.of(row.split(" ", 2));
            if (!makers.allows(words.getLast())) {
                excess.computeIfAbsent(words.getFirst(), id -> new TreeSet<>()).add(words.getLast());
            }
        }
        return excess;
    }

    private static String one(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String[] some(Random random, List<String> of) {
        return Stream.generate(() -> one(random, of))
                .limit(random.nextInt(3))
                .distinct()
                .toArray(String[]::new);
    }

    private Api maker(String permissions) {
        return Api.as(
                company.token(Arrays.stream((WRITE + permissions).split(" ")).toArray(String[]::new))
                        .secret());
    }
}
