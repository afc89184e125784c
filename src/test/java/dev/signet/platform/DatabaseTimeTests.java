package dev.signet.platform;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import dev.signet.Node;
import dev.signet.Output;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a node stores has the database's time, whatever its machine's clock says. */
class DatabaseTimeTests {

    private final JdbcClient jdbc = Node.one().bean(JdbcClient.class);

    @Test
    void itIsTheDatabasesTimeOnAMachineWhoseClockIsOff() {
        for (Duration off : new Duration[] {Duration.ofDays(2), Duration.ofDays(-2), Duration.ofSeconds(6)}) {
            try (Output output = Output.at(Level.WARN, "dev.signet")) {
                InstantSource time = new DatabaseTime(jdbc, InstantSource.offset(InstantSource.system(), off));

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
            new DatabaseTime(jdbc, InstantSource.offset(InstantSource.system(), Duration.ofSeconds(2)));
            assertThat(output.text()).doesNotContain("clock");
        }
    }

    @Test
    void itGoesOnBetweenReadingsAndKeepsMilliseconds() {
        Clock clock = Node.one().bean(Clock.class);
        Instant first = clock.instant();
        assertThat(first).isEqualTo(first.truncatedTo(MILLIS));
        long began = System.nanoTime();
        while (System.nanoTime() - began < 20_000_000) {
            Thread.onSpinWait();
        }
        assertThat(clock.instant()).isAfterOrEqualTo(first.plusMillis(19));
    }

    private Instant now() {
        return jdbc.sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }
}
