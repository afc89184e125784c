package dev.signet.security;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a client may take: to send the head of a request; to send head and body together, and longer only while the body
 * keeps coming at a pace that a slow line has, but never longer than the last of these; to read a response, at the same pace.
 *
 * @param forMessage for a request, and for a response from its first byte on
 * @param forLongestRequest however large the body is, and however steadily it comes
 * @param clock nanoseconds, as of {@link System#nanoTime()}
 */
record Patience(Duration forHead, Duration forMessage, Duration forLongestRequest, LongSupplier clock) {

    private static final long BYTES_PER_SECOND = 1024;

    static Patience standard() {
        return standard(System::nanoTime);
    }

    static Patience standard(LongSupplier clock) {
        return new Patience(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMinutes(2), clock);
    }

    /** Whether a head that is not complete came in for too long. */
    boolean isOverForHead(long began) {
        return age(began).compareTo(forHead) > 0;
    }

    /** Whether a request whose body is not complete came in for too long, given the bytes of the body that are there. */
    boolean isOverForRequest(long began, long bytes) {
        return age(began).compareTo(forLongestRequest) > 0 || isSlow(began, bytes);
    }

    /** Whether a response has been waiting for its reader for too long, given the bytes that were written. */
    boolean isOverForResponse(long began, long bytes) {
        return isSlow(began, bytes);
    }

    Duration age(long began) {
        return Duration.ofNanos(clock.getAsLong() - began);
    }

    private boolean isSlow(long began, long bytes) {
        return age(began).compareTo(forMessage.plusSeconds(bytes / BYTES_PER_SECOND)) > 0;
    }
}
