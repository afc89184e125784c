package dev.signet.session;

import static dev.signet.Tenant.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Wire;
import dev.signet.platform.HeavyWork.Client;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Guessing is slow from everywhere, and keeps no owner out. */
class ThrottleTests {

    private static final Node BEHIND = Node.apart(List.of("signet.trusted-proxies=127.0.0.1"));
    private static final String HOME = "203.0.113.7";
    private static final String NEXT = "nine green owls at dusk";

    private final Tenant company = Tenant.create();
    private final Person owner = company.person();

    @AfterAll
    static void close() {
        BEHIND.close();
        Tables.update("delete from signin_throttles");
    }

    @BeforeEach
    void forgetAttempts() {
        Tables.update("delete from signin_throttles");
        company.signIn(owner);
    }

    @Test
    void duringAnAttackFromEverywhereTheOwnerSignsInFromAKnownAddressAndChangesThePassword() throws Exception {
        String session = signIn(HOME, PASSWORD, 200).path("token").asString();
        List<Future<Integer>> guesses = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 300; i++) {
                String address = "198.51.100." + i % 60;
                guesses.add(callers.submit(() -> attempt(address, "not the one").status()));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> guess : guesses) {
            statuses.add(guess.get());
        }
        assertThat(statuses).containsOnly(401, 429);
        // one hundred, and what becomes free while they are made
        assertThat(statuses.stream().filter(status -> status == 401)).hasSizeGreaterThanOrEqualTo(100);
        // nothing becomes free until the next attempt
        Tables.update(
                "update signin_throttles set free_at = free_at + interval '1 hour' where key = md5(?)",
                "anywhere " + owner.email());
        assertThat(attempt("192.0.2.1", PASSWORD).status()).isEqualTo(429);

        signIn(HOME, PASSWORD, 200);
        assertThat(change(session, HOME, "not the one", NEXT).status()).isEqualTo(400);
        assertThat(change(session, HOME, PASSWORD, NEXT).status()).isEqualTo(204);
        assertThat(change(session, "192.0.2.1", NEXT, PASSWORD).status()).isEqualTo(204);
        signIn(HOME, PASSWORD, 200);
    }

    @Test
    void whileStrangersKeepTheProcessorsBusyTheOwnerSignsInFromAKnownAddress() throws Exception {
        signIn(HOME, PASSWORD, 200);
        Passwords passwords = BEHIND.bean(Passwords.class);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger refused = new AtomicInteger();
        List<Future<Boolean>> attempts = new ArrayList<>();
        try (ExecutorService strangers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                Client stranger = Client.stranger("198.51.100." + i % 8);
                attempts.add(strangers.submit(() -> {
                    while (!end.await(5, TimeUnit.MILLISECONDS)) {
                        try {
                            passwords.matches(stranger, "not the one", null);
                        } catch (ProblemException full) {
                            refused.incrementAndGet();
                        }
                    }
                    return true;
                }));
            }
            try {
                await().until(() -> refused.get() > 100);
                signIn(HOME, PASSWORD, 200);
            } finally {
                end.countDown();
            }
        }
        assertThat(attempts).allMatch(Future::resultNow);
    }

    @Test
    void guessesFromAKnownAddressAreSlowToo() {
        signIn(HOME, PASSWORD, 200);
        guess(HOME, 401, 5);
        guess(HOME, 429, 1);
        assertThat(attempt(HOME, PASSWORD).status()).isEqualTo(429);
        // and leave the others theirs
        guess("192.0.2.1", 401, 5);
    }

    @Test
    void anAddressIsForgottenAfterNinetyDays() {
        signIn(HOME, PASSWORD, 200);
        Tables.update(
                "update signin_networks set signed_in_at = now() - interval '90 days' where user_id = ?", owner.id());
        BEHIND.bean(SignInNetworks.class).forgetOld();
        assertThat(Tables.texts("select network from signin_networks where user_id = ?", owner.id()))
                .isEmpty();
    }

    @Test
    void aWrongCurrentPasswordIsGuessedAtSlowlyInASession() {
        String session = signIn(HOME, PASSWORD, 200).path("token").asString();
        for (int i = 0; i < 5; i++) {
            assertThat(change(session, "192.0.2." + i, "not the one", NEXT).status())
                    .isEqualTo(400);
        }
        assertThat(change(session, HOME, PASSWORD, NEXT).status()).isEqualTo(429);
        String other = signIn(HOME, PASSWORD, 200).path("token").asString();
        assertThat(change(other, HOME, PASSWORD, NEXT).status()).isEqualTo(204);
        assertThat(company.api()
                        .get("/api/v2/auditlogs?event=deny&email=" + owner.email())
                        .data()
                        .at("/auditLogs/0/reason/code")
                        .asString())
                .isEqualTo("wrong_password");
    }

    @Test
    void anIpv6ClientIsCountedByItsNetworks() {
        // five attempts of each /64, ten of each /56, twenty of each /48
        for (int i = 0; i < 20; i++) {
            assertThat(isFree("2001:db8:1:%x0%x::%x".formatted(i / 10, i % 10 / 5, i)))
                    .as("attempt " + i)
                    .isTrue();
        }
        assertThat(isFree("2001:db8:1:ff00::1")).isFalse();

        for (int i = 0; i < 10; i++) {
            assertThat(isFree("2001:db8:2:" + i / 5 + "::" + i))
                    .as("attempt " + i)
                    .isTrue();
        }
        assertThat(isFree("2001:db8:2:2::1")).isFalse();
        assertThat(isFree("2001:db8:2:100::1")).isTrue();

        for (int i = 0; i < 5; i++) {
            assertThat(isFree("2001:db8:3::" + i)).as("attempt " + i).isTrue();
        }
        assertThat(isFree("2001:db8:3::f")).isFalse();
        assertThat(isFree("2001:db8:3:1::1")).isTrue();
    }

    @Test
    void aRefusedAttemptIsChargedNowhere() {
        while (isFree(HOME)) {
            // until the account has no attempts from there
        }
        List<String> before = charges();
        for (int i = 0; i < 40; i++) {
            assertThat(isFree(HOME)).isFalse();
        }
        assertThat(charges()).isEqualTo(before);
    }

    @Test
    void anAttemptThatEndsIn503IsGivenBack() {
        String function = "refuse_" + owner.id();
        Tables.update("create function " + function + "() returns trigger language plpgsql as"
                + " 'begin raise exception using errcode = ''53200''; end'");
        Tables.update("create trigger " + function + " before insert on audit_logs for each row when (new.actor = '"
                + owner.id() + "') execute function " + function + "()");
        try {
            for (int i = 0; i < 4; i++) {
                assertThat(attempt(HOME, "not the one").status()).isEqualTo(503);
                assertThat(attempt(HOME, PASSWORD).status()).isEqualTo(503);
            }
        } finally {
            Tables.update("drop function " + function + " cascade");
        }
        signIn(HOME, PASSWORD, 200);
    }

    private boolean isFree(String address) {
        try {
            BEHIND.bean(Throttle.class).signIn(owner.email(), address);
            return true;
        } catch (ProblemException refused) {
            assertThat(refused.problem()).isEqualTo(Problem.TOO_MANY_REQUESTS);
            return false;
        }
    }

    private static List<String> charges() {
        return Tables.texts("select key || free_at from signin_throttles order by key");
    }

    private void guess(String address, int status, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(attempt(address, "not the one").status()).as(address).isEqualTo(status);
        }
    }

    private JsonNode signIn(String address, String password, int status) {
        Wire.Answer answer = attempt(address, password);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer.json();
    }

    private Wire.Answer attempt(String address, String password) {
        return attempt(owner.email(), address, password);
    }

    private static Wire.Answer attempt(String email, String address, String password) {
        return Wire.request("POST", "/auth/local")
                .header("X-Forwarded-For", address)
                .json("{\"email\": \"%s\", \"password\": \"%s\"}".formatted(email, password))
                .to(BEHIND);
    }

    private static Wire.Answer change(String session, String address, String current, String next) {
        return Wire.request("PUT", "/api/v2/users/me/password")
                .bearer(session)
                .header("X-Forwarded-For", address)
                .json("{\"current\": \"%s\", \"next\": \"%s\"}".formatted(current, next))
                .to(BEHIND);
    }
}
