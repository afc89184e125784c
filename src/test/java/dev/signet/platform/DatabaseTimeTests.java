package dev.signet.platform;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import dev.signet.Node;
import dev.signet.Output;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What a node stores has the database's time, whatever its machine's clock says. */
class DatabaseTimeTests {

    private final AtomicLong timer = new AtomicLong();
    private final Queue<Duration> freezes = new ArrayDeque<>();
    private final JdbcClient jdbc = Node.one().bean(JdbcClient.class);

    @Test
    void itIsTheDatabasesTimeOnAMachineWhoseClockIsOff() {
        for (Duration off : new Duration[] {Duration.ofDays(2), Duration.ofDays(-2), Duration.ofSeconds(6)}) {
            try (Output output = Output.at(Level.WARN, "dev.signet")) {
                InstantSource time =
                        new DatabaseTime(jdbc, InstantSource.offset(InstantSource.system(), off), System::nanoTime);

                assertThat(time.instant()).isCloseTo(now(), within(1, SECONDS));
                assertThat(output.text())
                        .contains(
                                off.isNegative() ? "behind the database's" : "ahead of the database's",
                                "Set the machine's clock by NTP");
            }
        }
    }

    @Test
    void aClockThatIsNearlyRightIsNoNews() {
        try (Output output = Output.at(Level.INFO, "dev.signet")) {
            new DatabaseTime(
                    jdbc, InstantSource.offset(InstantSource.system(), Duration.ofSeconds(2)), System::nanoTime);
            assertThat(output.text()).doesNotContain("clock");
        }
    }

    @Test
    void itGoesOnBetweenReadingsAndKeepsMilliseconds() {
        DatabaseTime time = time();
        Instant first = time.instant();
        assertThat(first).isEqualTo(first.truncatedTo(MILLIS));

        pass(Duration.ofMillis(20));
        assertThat(time.instant()).isEqualTo(first.plusMillis(20));
    }

    @Test
    void aReadingThatTookLongIsDiscardedAndTheNextOneCounts() {
        DatabaseTime time = time();
        Instant first = time.instant();
        freezes.addAll(Collections.nCopies(10, Duration.ofSeconds(14)));
        time.read();
        assertThat(time.instant()).isEqualTo(first.plusNanos(timer.get()));

        freezes.clear();
        time.read();
        assertThat(time.instant()).isCloseTo(now(), within(1, SECONDS));
    }

    @Test
    void theFastestReadingCountsAtTheStart() {
        freezes.add(Duration.ofSeconds(14));
        assertThat(time().instant()).isCloseTo(now(), within(1, SECONDS));
    }

    /** Goes by this test's timer, which stands still but for what the test lets pass. */
    private DatabaseTime time() {
        return new DatabaseTime(JdbcClient.create(new Freezing()), InstantSource.system(), timer::get);
    }

    private void pass(Duration time) {
        timer.addAndGet(time.toNanos());
    }

    private Instant now() {
        return jdbc.sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    /** A database that is frozen for some of the times that it is asked. */
    private final class Freezing extends DelegatingDataSource {

        Freezing() {
            super(Node.one().bean(DataSource.class));
        }

        @Override
        public Connection getConnection() throws SQLException {
            Duration frozen = freezes.poll();
            if (frozen != null) {
                pass(frozen);
            }
            return super.getConnection();
        }
    }
}
