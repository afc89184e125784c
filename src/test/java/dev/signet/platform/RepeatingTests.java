package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.signet.Node;
import dev.signet.Output;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.annotation.Scheduled;

/** What is repeated goes on after any failure, and a row of failures is logged once. */
class RepeatingTests {

    private static final int ROUNDS = 5;

    @Test
    void aTaskGoesOnAfterEveryKindOfFailure() throws Exception {
        Semaphore rounds = new Semaphore(0);
        AtomicInteger round = new AtomicInteger();
        List<Throwable> failures =
                List.of(new IllegalStateException(), new OutOfMemoryError("in a test"), new AssertionError());
        Runnable task = () -> {
            rounds.release();
            int number = round.getAndIncrement();
            if (number < failures.size()) {
                sneaky(failures.get(number));
            }
        };
        try (ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
                Output output = Output.at(Level.INFO, Repeating.class.getName())) {
            Future<?> repeating =
                    executor.scheduleWithFixedDelay(new Repeating("task of a test", task), 0, 1, TimeUnit.MILLISECONDS);
            assertThat(rounds.tryAcquire(ROUNDS, 10, TimeUnit.SECONDS)).isTrue();
            assertThat(repeating.isDone()).isFalse();
            executor.shutdownNow();
            assertThat(output.lines().stream().filter(line -> line.contains("The task of a test failed")))
                    .hasSize(1);
        }
    }

    @Test
    void aScheduledMethodGoesOnAfterAnError() throws Exception {
        try (Node node = Node.apart(List.of(), Failing.class)) {
            assertThat(node.bean(Failing.class).rounds.tryAcquire(ROUNDS, 20, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    /** A task like those of the service, registered in the same way. */
    static class Failing {

        private final Semaphore rounds = new Semaphore(0);

        @Scheduled(fixedDelayString = "PT0.01S")
        void fail() {
            rounds.release();
            throw new StackOverflowError("in a test");
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneaky(Throwable failure) throws E {
        throw (E) failure;
    }
}
