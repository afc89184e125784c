package dev.signet.session;

import com.nulabinc.zxcvbn.Zxcvbn;
import dev.signet.access.Permit;
import dev.signet.platform.HeavyWork;
import dev.signet.platform.HeavyWork.Client;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** People's passwords: Argon2id (19 MiB, 2 passes, 1 lane), and the rules of NIST SP 800-63B-4 for new ones. */
@Component
class Passwords {

    /** The meter of hashes made: how many, and how long they took. */
    static final String HASHES = "signet.password.hashes";

    private static final int SHORTEST = 15;
    private static final int LONGEST = 256;

    /** Below a million guesses a password is as good as on a list of common ones. */
    private static final double COMMON = 1e6;

    /**
     * How many characters of a long one are measured: guessing its first part is as hard already, and what measuring costs grows
     * much faster than the length.
     */
    private static final int MEASURED = 24;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String GENERATED_FROM = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PasswordEncoder argon2 = new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    // each hash takes 19 MiB and a processor: many at once would be an attack that helps itself
    private final HeavyWork work = new HeavyWork("passwords-at-once", HeavyWork.halfOfTheProcessors(), PATIENCE);
    private final Zxcvbn strength = new Zxcvbn();
    private final JdbcClient jdbc;
    private final Clock clock;
    private final Timer hashes;
    private final String nobodys;

    Passwords(JdbcClient jdbc, Clock clock, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.hashes = meters.timer(HASHES);
        this.nobodys = argon2.encode(random());
    }

    /** Whether it is the password. Without a hash it takes as long: that somebody has no account must not show. */
    boolean matches(Client client, String password, @Nullable String hash) {
        return hashing(client, () -> argon2.matches(composed(password), hash == null ? nobodys : hash)) && hash != null;
    }

    /** A password that nobody chose, with no bounds. */
    String generate(Permit permit) {
        Objects.requireNonNull(permit);
        return random();
    }

    /** 100 bits in five groups, without characters that look alike. */
    private static String random() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            password.append(i > 0 && i % 4 == 0 ? "-" : "")
                    .append(GENERATED_FROM.charAt(RANDOM.nextInt(GENERATED_FROM.length())));
        }
        return password.toString();
    }

    /** Refuses a new password that is short or common, or made of what is known of its owner. */
    void requireGood(Client client, String field, String password, List<String> known) {
        int length = password.codePointCount(0, password.length());
        if (length < SHORTEST || length > LONGEST) {
            throw ProblemException.invalid(field, "password_length", SHORTEST, LONGEST);
        }
        String measured = password.substring(0, Math.min(password.length(), MEASURED));
        if (work.run(client, () -> strength.measure(measured, known).getGuesses()) < COMMON) {
            throw ProblemException.invalid(field, "common_password");
        }
    }

    String hash(Client client, String password) {
        return hashing(client, () -> argon2.encode(composed(password)));
    }

    @Transactional(propagation = Propagation.MANDATORY)
    void set(String user, String hash, boolean generated) {
        jdbc.sql("""
                        insert into passwords (user_id, hash, generated, changed_at) values (:user, :hash, :generated, :now)
                        on conflict (user_id) do update
                        set hash = excluded.hash, generated = excluded.generated, changed_at = excluded.changed_at
                        """)
                .param("user", user)
                .param("hash", hash)
                .param("generated", generated)
                .param("now", Rows.time(clock.instant()))
                .update();
    }

    /** Replaces the password whose hash was checked. 409 where somebody else replaced it since: theirs counts. */
    @Transactional(propagation = Propagation.MANDATORY)
    void replace(String user, String checked, String hash) {
        int replaced = jdbc.sql("""
                        update passwords set hash = :hash, generated = false, changed_at = :now
                        where user_id = :user and hash = :checked
                        """)
                .param("hash", hash)
                .param("now", Rows.time(clock.instant()))
                .param("user", user)
                .param("checked", checked)
                .update();
        if (replaced == 0) {
            throw Problem.CONFLICT.with();
        }
    }

    /** The same password, whether a keyboard composes its accents or not. */
    private static String composed(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFC);
    }

    private <T> T hashing(Client client, Supplier<T> hash) {
        return work.run(client, () -> Objects.requireNonNull(hashes.record(hash)));
    }
}
