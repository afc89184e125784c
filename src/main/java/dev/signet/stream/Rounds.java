package dev.signet.stream;

import dev.signet.platform.Failures;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again, on a thread of its own, while it is wanted. */
final class Rounds {

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private final String name;
    private final Duration pause;
    private final Runnable round;
    private final BooleanSupplier wanted;

    private @Nullable Thread thread;
    private boolean databaseAway;

    Rounds(String name, Duration pause, Runnable round, BooleanSupplier wanted) {
        this.name = name;
        this.pause = pause;
        this.round = round;
        this.wanted = wanted;
    }

    /** Begins, where it has not. */
    synchronized void begin() {
        if (thread == null) {
            thread = Thread.ofVirtual().name(name).start(this::run);
        }
    }

    private void run() {
        try {
            while (goesOn()) {
                attempt();
                Thread.sleep(pause);
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        } finally {
            ended();
        }
    }

    private synchronized boolean goesOn() {
        if (!wanted.getAsBoolean()) {
            ended();
        }
        return thread == Thread.currentThread();
    }

    /** Whoever begins from now on begins anew; what has begun anew already is let be. */
    private synchronized void ended() {
        if (thread == Thread.currentThread()) {
            thread = null;
        }
    }

    private void attempt() {
        try {
            round.run();
            databaseAway = false;
        } catch (RuntimeException | Error failure) {
            // whatever it was, the next round may go well, and nobody else would do it
            if (!Failures.isDatabaseAway(failure)) {
                LOG.error("A round of the {} failed", name, failure);
            } else if (!databaseAway) {
                LOG.warn("The {} wait for the database: {}", name, Failures.reason(failure));
                databaseAway = true;
            }
        }
    }
}
