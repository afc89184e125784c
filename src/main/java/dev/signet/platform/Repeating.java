package dev.signet.platform;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that is run again and again and survives whatever it throws: executors silently drop a repeating task after one
 * exception, and nothing else would do its work. Of failures in a row, the first is logged.
 */
public final class Repeating implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Repeating.class);

    private final String name;
    private final Runnable task;
    private boolean failing;

    public Repeating(String name, Runnable task) {
        this.name = name;
        this.task = task;
    }

    /** Runs the task once. Never throws. */
    @Override
    public void run() {
        try {
            task.run();
            failing = false;
        } catch (Throwable failure) {
            report(failure);
            failing = true;
        }
    }

    private void report(Throwable failure) {
        try {
            if (failing) {
                return;
            }
            if (Failures.isDatabaseAway(failure)) {
                LOG.warn("The {} waits for the database: {}", name, Failures.reason(failure));
            } else {
                LOG.error("The {} failed and goes on", name, failure);
            }
        } catch (Throwable unreported) {
            // logging needs memory and stack, too: the next round matters more
        }
    }
}
