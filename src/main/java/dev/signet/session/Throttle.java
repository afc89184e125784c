package dev.signet.session;

import dev.signet.platform.Problem;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Slows guessing of passwords. Each attempt is paid for before anything is hashed, in one statement of its own, so that
 * parallel attempts cannot slip through. What is tight counts one account from one address, so that nobody can keep the
 * owner of an account out from elsewhere; an address, and an account as a whole, have wider limits. None is for good.
 */
@Component
class Throttle {

    /** How many attempts at once, and how long until each of them is free again. */
    private enum Limit {
        ADDRESS("address", 30, Duration.ofSeconds(3)),
        ACCOUNT_FROM_ADDRESS("account", 5, Duration.ofSeconds(30)),
        ACCOUNT("account-anywhere", 100, Duration.ofSeconds(3));

        private final String policy;
        private final int burst;
        private final Duration step;

        Limit(String policy, int burst, Duration step) {
            this.policy = policy;
            this.burst = burst;
            this.step = step;
        }

        /** The account as the database compares it, so that no other case or spelling has attempts of its own. */
        String key() {
            return "md5(cast('" + name() + " ' as text) || "
                    + switch (this) {
                        case ADDRESS -> ":address";
                        case ACCOUNT_FROM_ADDRESS -> ":address || ' ' || lower(:account)";
                        case ACCOUNT -> "lower(:account)";
                    }
                    + ")";
        }
    }

    private final JdbcClient jdbc;

    Throttle(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Pays for an attempt. Refuses with 429 where too many were made. */
    void take(String account, String address) {
        for (Limit limit : Limit.values()) {
            // The generic cell rate algorithm: free_at is when the last attempt will have been paid off.
            int taken = statement("""
                            insert into signin_throttles as t (key, free_at) values (%s, now() + make_interval(secs => :step))
                            on conflict (key) do update set free_at = greatest(t.free_at, now()) + make_interval(secs => :step)
                            where t.free_at <= now() + make_interval(secs => :step * (:burst - 1))
                            """, limit, account, address)
                    .param("burst", limit.burst)
                    .update();
            if (taken == 0) {
                throw Problem.TOO_MANY_REQUESTS
                        .with()
                        .limit(limit.policy, limit.burst, limit.step.multipliedBy(limit.burst), limit.step);
            }
        }
    }

    /** Gives the attempt back: who knows the password is not guessing. */
    void refund(String account, String address) {
        for (Limit limit : Limit.values()) {
            statement(
                            "update signin_throttles set free_at = free_at - make_interval(secs => :step) where key = %s",
                            limit, account, address)
                    .update();
        }
    }

    @Scheduled(fixedDelayString = "PT1H")
    void forgetWhatIsPaidOff() {
        jdbc.sql("delete from signin_throttles where free_at < now()").update();
    }

    private JdbcClient.StatementSpec statement(String sql, Limit limit, String account, String address) {
        return jdbc.sql(sql.formatted(limit.key()))
                .param("account", account)
                .param("address", network(address))
                .param("step", limit.step.toSeconds());
    }

    /** Whoever has an IPv6 address has a whole /64 of them. */
    private static String network(String address) {
        if (!address.contains(":")) {
            return address;
        }
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return bytes.length == 16 ? HexFormat.of().formatHex(bytes, 0, 8) : address;
    }
}
