package dev.signet.platform;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The database's time, to the millisecond: the same on every node, however far the clock of its machine is off. It is read
 * now and then; in between, the machine's monotonic timer counts on from there. A reading that took long is not used: when
 * in that time the database read its clock, nobody knows.
 */
final class DatabaseTime implements InstantSource {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseTime.class);
    private static final Duration TOLERATED = Duration.ofSeconds(5);

    private static final Duration TOO_SLOW = Duration.ofMillis(500);
    private static final int ATTEMPTS = 3;

    private record Reading(Instant time, long nanos, Duration took) {

        Instant at(long timer) {
            return time.plusNanos(timer - nanos);
        }
    }

    private final JdbcClient jdbc;
    private final LongSupplier timer;
    private volatile Reading last;

    /**
     * Warns where the machine's clock is off: its logs and certificates go by it, though nothing that is stored does. The timer
     * counts nanoseconds.
     */
    DatabaseTime(JdbcClient jdbc, InstantSource machine, LongSupplier timer) {
        this.jdbc = jdbc;
        this.timer = timer;
        this.last = fastest();
        Duration ahead = Duration.between(now(), machine.instant());
        if (ahead.abs().compareTo(TOLERATED) > 0) {
            LOG.warn(
                    "The clock of this machine is {} seconds {} the database's, which counts for all that is stored. "
                            + "Set the machine's clock by NTP.",
                    ahead.abs().toSeconds(),
                    ahead.isNegative() ? "behind" : "ahead of");
        }
    }

    @Override
    public Instant instant() {
        return now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Scheduled(fixedDelayString = "PT30S", initialDelayString = "PT30S")
    void read() {
        Reading fastest = fastest();
        if (fastest.took.compareTo(TOO_SLOW) <= 0) {
            last = fastest;
        }
    }

    private Instant now() {
        return last.at(timer.getAsLong());
    }

    private Reading fastest() {
        return Stream.generate(this::reading)
                .limit(ATTEMPTS)
                .min(Comparator.comparing(Reading::took))
                .orElseThrow();
    }

    private Reading reading() {
        long asked = timer.getAsLong();
        Instant time = jdbc.sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
        long took = timer.getAsLong() - asked;
        // the database answered somewhere between: halfway is the least wrong
        return new Reading(time, asked + took / 2, Duration.ofNanos(took));
    }
}
