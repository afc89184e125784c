package dev.signet.stream;

import dev.signet.platform.Repeating;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Does something again and again, on a thread of its own, while it is wanted. */
final class Rounds {

    private final String name;
    private final Duration pause;
    private final Runnable round;
    private final BooleanSupplier wanted;

    private @Nullable Thread thread;

    Rounds(String name, Duration pause, Runnable round, BooleanSupplier wanted) {
        this.name = name;
        this.pause = pause;
        this.round = new Repeating(name, round);
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
                round.run();
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
}
