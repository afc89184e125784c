package dev.signet.platform;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The database's time, to the millisecond: the same on every node, however far the clock of its machine is off. It is read
 * now and then; in between, the machine's monotonic timer counts on from there.
 */
final class DatabaseTime implements InstantSource {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseTime.class);
    private static final Duration TOLERATED = Duration.ofSeconds(5);

    private record Reading(Instant time, long nanos) {

        Instant now() {
            return time.plusNanos(System.nanoTime() - nanos);
        }
    }

    private final JdbcClient jdbc;
    private volatile Reading last;

    /** Warns where the machine's clock is off: its logs and certificates go by it, though nothing that is stored does. */
    DatabaseTime(JdbcClient jdbc, InstantSource machine) {
        this.jdbc = jdbc;
        this.last = reading();
        Duration ahead = Duration.between(last.now(), machine.instant());
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
        return last.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Scheduled(fixedDelayString = "PT30S", initialDelayString = "PT30S")
    void read() {
        last = reading();
    }

    private Reading reading() {
        long asked = System.nanoTime();
        Instant time = jdbc.sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
        // the database answered somewhere between: halfway is the least wrong
        return new Reading(time, asked + (System.nanoTime() - asked) / 2);
    }
}
