package dev.signet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Rounds go on, whatever one of them throws. */
class RoundsTests {

    @Test
    void aRoundThatThrowsAnErrorIsNotTheLast() throws Exception {
        Semaphore begun = new Semaphore(0);
        AtomicBoolean wanted = new AtomicBoolean(true);
        Rounds rounds = new Rounds(
                "rounds of a test",
                Duration.ofMillis(1),
                () -> {
                    begun.release();
                    throw new OutOfMemoryError("in a test");
                },
                wanted::get);
        rounds.begin();
        assertThat(begun.tryAcquire(5, 10, TimeUnit.SECONDS)).isTrue();
        wanted.set(false);
    }
}
