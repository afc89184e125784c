package dev.signet.session;

import dev.signet.platform.Addresses;
import dev.signet.platform.CleanUp;
import dev.signet.platform.EmailAddress;
import dev.signet.platform.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Slows down the guessing of passwords, and keeps no owner out (docs/decisions/0005). Nothing is ever locked for good. */
@Component
class Throttle {

    /** Attempts that may be made at once, and the time after which each of them is free again. */
    private record Limit(String policy, int burst, Duration step) {

        /** The limit for networks that hold more clients. */
        Limit times(int factor) {
            return new Limit(policy, burst * factor, step.dividedBy(factor));
        }
    }

    private static final Limit NETWORK = new Limit("address", 30, Duration.ofSeconds(3));
    private static final Limit ACCOUNT = new Limit("account", 5, Duration.ofSeconds(30));
    private static final Limit NEW_PASSWORDS = new Limit("new-passwords", 10, Duration.ofMinutes(1));
    private static final Limit ACCOUNT_ANYWHERE = new Limit("account-anywhere", 100, Duration.ofSeconds(3));

    private record Charge(Limit limit, String key) {}

    /** What an attempt was charged to, and whether the account was signed in to from that network before. */
    record Attempt(List<Charge> charges, boolean fromKnownNetwork) {}

    private final JdbcClient jdbc;
    private final SignInNetworks networks;
    private final TransactionTemplate transaction;

    Throttle(JdbcClient jdbc, SignInNetworks networks, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.networks = networks;
        this.transaction = transaction;
    }

    /** Charges an attempt to sign in to the account from the address. 429 if there were too many. */
    Attempt signIn(String email, String address) {
        String account = EmailAddress.key(email);
        List<String> owned = Addresses.owned(address);
        if (networks.isKnown(account, owned.getFirst())) {
            return new Attempt(take(List.of(account(1, owned.getFirst(), account))), true);
        }
        List<Charge> charges = new ArrayList<>();
        int factor = 1;
        for (String network : owned) {
            charges.add(new Charge(NETWORK.times(factor), "network " + network));
            charges.add(account(factor, network, account));
            factor *= 2;
        }
        charges.add(new Charge(ACCOUNT_ANYWHERE, "anywhere " + account));
        return new Attempt(take(charges), false);
    }

    /** Charges an attempt to change the password in the session, which only this session's own failures refuse. */
    Attempt passwordChange(String session) {
        return new Attempt(take(List.of(new Charge(ACCOUNT, "session " + session))), false);
    }

    /** Charges a new password of the user, good or not: measuring and hashing it takes a processor for long. */
    void newPassword(String user) {
        take(List.of(new Charge(NEW_PASSWORDS, "new password " + user)));
    }

    /** Checks a password. The attempt stays charged only if that shows it to be wrong, by an empty result. */
    <T> Optional<T> guess(Attempt attempt, Supplier<Optional<T>> check) {
        Optional<T> right;
        try {
            right = check.get();
        } catch (RuntimeException undecided) {
            try {
                refund(attempt);
            } catch (RuntimeException unavailable) {
                undecided.addSuppressed(unavailable);
            }
            throw undecided;
        }
        if (right.isPresent()) {
            refund(attempt);
        }
        return right;
    }

    @Scheduled(fixedDelayString = "PT1H")
    void forgetWhatIsPaidOff() {
        CleanUp.delete(jdbc, "signin_throttles", "free_at < now()");
    }

    private static Charge account(int factor, String network, String account) {
        return new Charge(ACCOUNT.times(factor), "account " + network + " " + account);
    }

    /**
     * Charges all limits or none: a refusal rolls back. The rows stay locked until then, so that parallel attempts are counted
     * one after the other; everyone locks them in the same order.
     */
    private List<Charge> take(List<Charge> charges) {
        transaction.executeWithoutResult(status -> charges.forEach(this::take));
        return charges;
    }

    private void take(Charge charge) {
        Limit limit = charge.limit();
        // The generic cell rate algorithm: free_at is when the last attempt will have been paid off.
        int taken = statement("""
                        insert into signin_throttles as t (key, free_at) values (md5(:key), now() + make_interval(secs => :step))
                        on conflict (key) do update set free_at = greatest(t.free_at, now()) + make_interval(secs => :step)
                        where t.free_at <= now() + make_interval(secs => :step * (:burst - 1))
                        """, charge).param("burst", limit.burst()).update();
        if (taken == 0) {
            throw Problem.TOO_MANY_REQUESTS
                    .with()
                    .limit(limit.policy(), limit.burst(), limit.step().multipliedBy(limit.burst()), limit.step());
        }
    }

    private void refund(Attempt attempt) {
        transaction.executeWithoutResult(status ->
                attempt.charges().forEach(charge -> statement("""
                                update signin_throttles set free_at = free_at - make_interval(secs => :step) where key = md5(:key)
                                """, charge).update()));
    }

    private JdbcClient.StatementSpec statement(String sql, Charge charge) {
        return jdbc.sql(sql)
                .param("key", charge.key())
                .param("step", charge.limit().step().toMillis() / 1000.0);
    }
}
