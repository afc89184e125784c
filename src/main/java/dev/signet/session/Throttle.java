package dev.signet.session;

import dev.signet.platform.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Slows guessing of passwords, per account and per address. Each attempt is paid for before anything is hashed, in one
 * statement of its own, so that parallel attempts cannot slip through; nobody is ever locked out for good.
 */
@Component
class Throttle {

    /** How many attempts at once, and how long until each of them is free again. */
    private enum Limit {
        ACCOUNT(5, Duration.ofSeconds(30)),
        ADDRESS(30, Duration.ofSeconds(3));

        private final int burst;
        private final Duration step;

        Limit(int burst, Duration step) {
            this.burst = burst;
            this.step = step;
        }

        String key(String whose) {
            // of one length, whatever was typed
            String name = name() + " " + whose.toLowerCase(Locale.ROOT);
            return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        }
    }

    // The generic cell rate algorithm: free_at is when the last attempt will have been paid off.
    private static final String TAKE = """
            insert into signin_throttles as t (key, free_at) values (:key, now() + make_interval(secs => :step))
            on conflict (key) do update set free_at = greatest(t.free_at, now()) + make_interval(secs => :step)
            where t.free_at <= now() + make_interval(secs => :step * (:burst - 1))
            """;

    private final JdbcClient jdbc;

    Throttle(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Pays for an attempt. Refuses with 429 where too many were made. */
    void take(String account, String address) {
        take(Limit.ACCOUNT, account);
        take(Limit.ADDRESS, address);
    }

    /** Gives the attempt back: who knows the password is not guessing. */
    void refund(String account, String address) {
        jdbc.sql("delete from signin_throttles where key = :key")
                .param("key", Limit.ACCOUNT.key(account))
                .update();
        jdbc.sql("update signin_throttles set free_at = free_at - make_interval(secs => :step) where key = :key")
                .param("step", Limit.ADDRESS.step.toSeconds())
                .param("key", Limit.ADDRESS.key(address))
                .update();
    }

    @Scheduled(fixedDelayString = "PT1H")
    void forgetWhatIsPaidOff() {
        jdbc.sql("delete from signin_throttles where free_at < now()").update();
    }

    private void take(Limit limit, String whose) {
        int taken = jdbc.sql(TAKE)
                .param("key", limit.key(whose))
                .param("step", limit.step.toSeconds())
                .param("burst", limit.burst)
                .update();
        if (taken == 0) {
            throw Problem.TOO_MANY_REQUESTS.with().retryAfter(limit.step);
        }
    }
}
