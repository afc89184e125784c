package dev.signet.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.setup.Companies;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Signing in tells nothing to who guesses; passwords are long, uncommon, and replaced when they were generated. */
class PasswordTests {

    private static final String ME = "/api/v2/users/me";
    private static final String PASSWORD = ME + "/password";

    private final Tenant company = Tenant.create();

    /** All tests call from one address, whose attempts are counted together. */
    @BeforeEach
    void forgetAttempts() {
        Node.sql("delete from signin_throttles").update();
    }

    @Test
    void wrongAbsentAndInactiveGetOneSameAnswer() {
        Person person = company.person();
        company.signIn(person);
        company.api().patch(person.path(), Map.of("isActive", false)).expect(200);
        String inactive = person.email();
        String passwordless = company.person().email();
        String bot = company.token("*").user() + "@bot.invalid";
        List<String> answers = new ArrayList<>();
        for (String email :
                List.of(company.email(), "nobody" + System.nanoTime() + "@example.com", inactive, passwordless, bot)) {
            for (String password : List.of("wrong", "", "x".repeat(73), "y".repeat(4096))) {
                long hashes = hashes();
                Answer refused = signIn(email, password).expect(401, "signin_failed");
                assertThat(hashes() - hashes).as("hashes for " + email).isEqualTo(1);
                assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"signet\"");
                answers.add(refused.text().replaceAll("[0-9a-f]{32}", "trace"));
            }
        }
        signIn(inactive, Tenant.PASSWORD).expect(401, "signin_failed");
        assertThat(answers).containsOnly(answers.getFirst());
    }

    @Test
    void anEMailIsTheSameInWhateverCase() {
        signIn(company.email().toUpperCase(Locale.ROOT), Tenant.PASSWORD).expect(200);
    }

    @Test
    void ofManyGuessesAtOnceFewAreHeardAndTheRestMustWait() throws Exception {
        List<Future<Answer>> guesses = new ArrayList<>();
        long before = hashes();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                String guess = "guess " + i;
                guesses.add(callers.submit(() -> signIn(company.email(), guess)));
            }
        }
        int heard = 0;
        for (Future<Answer> guess : guesses) {
            if (guess.get().status() == 401) {
                heard++;
            } else {
                guess.get().expect(429, "too_many_requests");
                assertThat(Integer.parseInt(guess.get().header("Retry-After"))).isBetween(1, 60);
            }
        }
        assertThat(hashes() - before).as("hashes").isEqualTo(heard);
        // five at once, and one more for each half minute that a slow machine takes
        assertThat(heard).isBetween(5, 7);
        // the right password waits like any other guess; on the other node, too
        Api.at(Node.other(), null)
                .post("/auth/local", Map.of("email", company.email(), "password", Tenant.PASSWORD))
                .expect(429);
        Node.sql("update signin_throttles set free_at = free_at - interval '10 minutes'")
                .update();
        signIn(company.email(), Tenant.PASSWORD).expect(200);
    }

    @Test
    void aRefusalNamesTheLimitThatWasReached() {
        Node.sql("update signin_throttles set free_at = free_at - interval '10 minutes'")
                .update();
        for (int i = 0; i < 5; i++) {
            signIn(company.email(), "guess " + i).expect(401, "signin_failed");
        }
        Answer refused = signIn(company.email(), "guess").expect(429, "too_many_requests");
        assertThat(refused.header("Retry-After")).isEqualTo("30");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"account\";q=5;w=150");
        assertThat(refused.header("RateLimit")).isEqualTo("\"account\";r=0;t=30");
    }

    @Test
    void theRightPasswordGivesTheAttemptsBack() {
        for (int i = 0; i < 12; i++) {
            signIn(company.email(), Tenant.PASSWORD).expect(200);
        }
    }

    @Test
    void aGeneratedPasswordIsReplacedBeforeAnythingElse() {
        String email = "generated" + System.nanoTime() + "@example.com";
        String generated = Companies.create(Node.one(), "Generated", email);
        Api api =
                Api.as(signIn(email, generated).expect(200).body().path("token").asString());

        assertThat(api.get(ME).expect(200).data().path("needPasswordChange").asBoolean())
                .isTrue();
        api.get(Tenant.TOKENS).expect(403, "password_change_required");
        api.get("/api/v2/permissions").expect(403, "password_change_required");
        api.put(PASSWORD, Map.of("current", generated, "next", Tenant.PASSWORD)).expect(204);
        assertThat(api.get(ME).expect(200).data().path("needPasswordChange").asBoolean())
                .isFalse();
        api.get(Tenant.TOKENS).expect(200);
        signIn(email, generated).expect(401);
        signIn(email, Tenant.PASSWORD).expect(200);
    }

    @Test
    void anAdministratorGivesAGeneratedPasswordThisOnce() {
        Person person = company.person();
        Answer given = company.api().post(person.path() + "/password", null).expect(200);

        assertThat(given.data().propertyNames()).containsExactly("password");
        assertThat(given.header("Cache-Control")).contains("no-store");
        String first = given.data("password");
        assertThat(first).matches("[a-z2-9]{4}(-[a-z2-9]{4}){4}");
        Api api = Api.as(
                signIn(person.email(), first).expect(200).body().path("token").asString());
        assertThat(api.get(ME).data().path("needPasswordChange").asBoolean()).isTrue();
        api.get("/api/v2/company").expect(403, "password_change_required");

        String second = company.api().post(person.path() + "/password", null).data("password");
        assertThat(second).isNotEqualTo(first);
        api.get(ME).expect(401, "invalid_token");
        signIn(person.email(), first).expect(401, "signin_failed");
        Api again = Api.as(
                signIn(person.email(), second).expect(200).body().path("token").asString());
        again.put(PASSWORD, Map.of("current", second, "next", Tenant.PASSWORD)).expect(204);
        again.get("/api/v2/company").expect(200);
        assertThat(Tenant.events(person.id()))
                .containsExactly("create", "password", "signin", "password", "signin-failed", "signin", "password");
    }

    @Test
    void nobodyElseHasAPasswordToBeGenerated() {
        String other = Tenant.create().person().id();
        for (String id : List.of("x", other, "ffffffffffffffffffffffff")) {
            company.api().post("/api/v2/users/" + id + "/password", null).expect(404, "not_found");
        }
        // one's own has that address too, for another method
        company.api().post("/api/v2/users/me/password", null).expect(405, "method_not_allowed");
    }

    @Test
    void aNewPasswordEndsTheOtherSessions() {
        String other =
                signIn(company.email(), Tenant.PASSWORD).body().path("token").asString();

        company.api()
                .put(PASSWORD, Map.of("current", Tenant.PASSWORD, "next", "nine green owls at dusk"))
                .expect(204);

        Api.at(Node.other(), other).get(ME).expect(401);
        company.api().get(ME).expect(200);
        assertThat(Tenant.events(company.api().get(ME).data("_id"))).contains("password");
    }

    @ParameterizedTest
    @CsvSource({
        "fourteen chars, password_length",
        "passwordpassword, common_password",
        "123456789012345678, common_password",
        "aaaaaaaaaaaaaaaaaaaa, common_password",
        "seven blue mules at noon, same_password",
    })
    void aPasswordThatIsShortCommonOrTheSameIsRefused(String next, String code) {
        company.api()
                .put(PASSWORD, Map.of("current", Tenant.PASSWORD, "next", next))
                .expectFields("next: " + code);
    }

    @Test
    void aPasswordThatWasReplacedWhileItWasCheckedOpensNothingAndReplacesNothing() {
        String user = company.api().get(ME).data("_id");
        SessionService sessions = Node.one().bean(SessionService.class);
        Passwords passwords = Node.one().bean(Passwords.class);
        TransactionTemplate transaction = Node.one().bean(TransactionTemplate.class);

        assertThatThrownBy(() -> sessions.begin(company.id(), user, "a hash of before", "127.0.0.1"))
                .hasMessage("signin_failed");
        assertThatThrownBy(() -> transaction.executeWithoutResult(
                        status -> passwords.replace(user, "a hash of before", "a hash of mine")))
                .hasMessage("conflict");
        signIn(company.email(), Tenant.PASSWORD).expect(200);
    }

    @Test
    void aGuesserFromElsewhereDoesNotKeepTheOwnerOut() {
        for (int i = 0; i < 8; i++) {
            guess("192.0.2.7", i < 5);
        }
        guess("192.0.2.8", true);
        signIn(company.email(), Tenant.PASSWORD).expect(200);
    }

    private void guess(String address, boolean heard) {
        Throttle throttle = Node.one().bean(Throttle.class);
        if (heard) {
            throttle.signIn(company.email(), address);
        } else {
            assertThatThrownBy(() -> throttle.signIn(company.email().toUpperCase(Locale.ROOT), address))
                    .hasMessage("too_many_requests");
        }
    }

    @Test
    void aPasswordMadeOfOnesEMailIsRefused() {
        String next = company.email();
        assertThat(next.length()).isGreaterThanOrEqualTo(15);
        company.api()
                .put(PASSWORD, Map.of("current", Tenant.PASSWORD, "next", next))
                .expectFields("next: common_password");
    }

    @Test
    void aPasswordMayHaveAnyCharactersUpTo256() {
        String longest = "¡Ñandú 鳥 🦉 " + "un pájaro azul ".repeat(20);
        String next = longest.substring(0, longest.offsetByCodePoints(0, 256));
        company.api()
                .put(PASSWORD, Map.of("current", Tenant.PASSWORD, "next", next + "x"))
                .expectFields("next: password_length");
        company.api()
                .put(PASSWORD, Map.of("current", Tenant.PASSWORD, "next", next))
                .expect(204);
        signIn(company.email(), next).expect(200);
    }

    @Test
    void theCurrentPasswordIsNeeded() {
        company.api()
                .put(PASSWORD, Map.of("current", "wrong", "next", "nine green owls at dusk"))
                .expectFields("current: wrong_password");
        company.api().put(PASSWORD, Map.of("next", "nine green owls at dusk")).expectFields("current: required");
    }

    @Test
    void aStalePreconditionChangesNoPassword() {
        Person person = company.person();
        String generated = company.api()
                .post(person.path() + "/password", null)
                .expect(200)
                .data("password");
        String stale = company.api().get(person.path()).header("ETag");
        String current = company.api()
                .patch(person.path(), Map.of("jobTitle", "Analyst"))
                .expect(200)
                .header("ETag");
        Api admin = company.api();
        admin.with("If-Match", stale).post(person.path() + "/password", null).expect(412, "stale");
        Api owner = Api.as(signIn(person.email(), generated)
                .expect(200)
                .body()
                .path("token")
                .asString());
        Map<String, Object> change = Map.of("current", generated, "next", Tenant.PASSWORD);
        owner.with("If-Match", stale).put(PASSWORD, change).expect(412, "stale");
        signIn(person.email(), generated).expect(200);

        owner.with("If-Match", "W/" + current).put(PASSWORD, change).expect(204);
        signIn(person.email(), Tenant.PASSWORD).expect(200);
        admin.with("If-Match", current).post(person.path() + "/password", null).expect(200);
    }

    @Test
    void nobodyChoosesAnotherPersonsPassword() {
        Person person = company.person();
        company.signIn(person);
        company.api()
                .post(person.path() + "/password", Map.of("password", "nine green owls at dusk"))
                .expect(400, "invalid_request");
        signIn(person.email(), Tenant.PASSWORD).expect(200);
    }

    @Test
    void aBotHasNoPassword() {
        Api.as(company.token("*").secret())
                .put(PASSWORD, Map.of("current", "", "next", "nine green owls at dusk"))
                .expect(404);
    }

    private static long hashes() {
        return Node.one().bean(MeterRegistry.class).timer(Passwords.HASHES).count();
    }

    private static Answer signIn(String email, String password) {
        return Api.as(null).post("/auth/local", Map.of("email", email, "password", password));
    }

    @Test
    void nobodyHasAPasswordGeneratedForThemselves() {
        Tenant company = Tenant.create();
        String me = company.api().get("/api/v2/users/me").data("_id");
        company.api().post(Tenant.USERS + "/" + me + "/password", null).expect(409, "own_password");
        company.api().get("/api/v2/users/me").expect(200);
    }

    @Test
    void aPersonWhoKeepsChangingTheirPasswordHasToWait() {
        String current = Tenant.PASSWORD;
        for (int i = 0; i < 10; i++) {
            String next = "4@8({[<36&9#!1|/70$5+%2x" + i;
            company.api()
                    .put(PASSWORD, Map.of("current", current, "next", next))
                    .expect(204);
            current = next;
        }
        Answer refused = company.api()
                .put(PASSWORD, Map.of("current", current, "next", Tenant.PASSWORD))
                .expect(429, "too_many_requests");
        assertThat(refused.header("RateLimit-Policy")).startsWith("\"new-passwords\";q=10");
    }
}
