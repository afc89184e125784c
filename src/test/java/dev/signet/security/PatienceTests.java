package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Deadlines move with the bytes, those of requests not for ever. */
class PatienceTests {

    private static final long PICTURE = 2_000_000;

    @Test
    void anUploadMayTakeTwoMinutesHoweverSteadilyItComes() {
        assertThat(after(19).isOverForRequest(0, 0)).isFalse();
        assertThat(after(21).isOverForRequest(0, 0)).isTrue();
        assertThat(after(119).isOverForRequest(0, PICTURE)).isFalse();
        assertThat(after(121).isOverForRequest(0, PICTURE)).isTrue();
    }

    @Test
    void aResponseMayTakeAsLongAsItsReaderKeepsAPace() {
        assertThat(after(21).isOverForResponse(0, 0)).isTrue();
        assertThat(after(200).isOverForResponse(0, PICTURE)).isFalse();
        assertThat(after(2_000).isOverForResponse(0, PICTURE)).isTrue();
    }

    private static Patience after(long seconds) {
        return Patience.standard(() -> Duration.ofSeconds(seconds).toNanos());
    }
}
