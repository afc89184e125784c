package dev.signet.security;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a request may take to arrive: its head; its head and body together, and longer only while the body keeps coming at
 * a pace that a slow line has.
 *
 * @param clock nanoseconds, as of {@link System#nanoTime()}
 */
record Patience(Duration forHead, Duration forRequest, LongSupplier clock) {

    private static final long BYTES_PER_SECOND = 1024;

    static Patience standard() {
        return new Patience(Duration.ofSeconds(10), Duration.ofSeconds(20), System::nanoTime);
    }

    /** Whether a head that is not complete came in for too long. */
    boolean isOverForHead(long began) {
        return age(began).compareTo(forHead) > 0;
    }

    /** Whether a request whose body is not complete came in for too long, given the bytes of the body that are there. */
    boolean isOverForRequest(long began, long bytes) {
        return age(began).compareTo(forRequest.plusSeconds(bytes / BYTES_PER_SECOND)) > 0;
    }

    Duration age(long began) {
        return Duration.ofNanos(clock.getAsLong() - began);
    }
}
