package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Heavy work runs on few platform threads, one task of a caller at a time, and is refused rather than piled up. */
class HeavyWorkTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HeavyWork work = new HeavyWork("tests", 2, PATIENCE);

    @Test
    void workRunsOnPlatformThreads() throws Exception {
        Future<Boolean> virtual =
                call(() -> work.run("a", () -> Thread.currentThread().isVirtual()));
        assertThat(virtual.get()).isFalse();
    }

    @Test
    void fewTasksRunAtOnceAndOneOfACaller() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger ofA = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger mostOfA = new AtomicInteger();
        List<Future<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String caller = i % 4 == 0 ? "a" : "caller " + i;
            tasks.add(call(() -> work.run(caller, () -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                if (caller.equals("a")) {
                    mostOfA.accumulateAndGet(ofA.incrementAndGet(), Math::max);
                }
                int spent = spend();
                running.decrementAndGet();
                if (caller.equals("a")) {
                    ofA.decrementAndGet();
                }
                return spent;
            })));
        }
        for (Future<Integer> task : tasks) {
            task.get();
        }
        assertThat(most.get()).isEqualTo(2);
        assertThat(mostOfA.get()).isEqualTo(1);
    }

    @Test
    void aCallerWithTooManyTasksIsRefusedWhileOthersAreServed() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        List<Future<Boolean>> tasks = new ArrayList<>();
        tasks.add(call(() -> work.run("a", () -> {
            begun.countDown();
            return await(end);
        })));
        begun.await();
        try {
            AtomicInteger refused = new AtomicInteger();
            List<Future<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < 2 * HeavyWork.MOST_OF_ONE; i++) {
                attempts.add(call(() -> {
                    try {
                        return work.run("a", () -> true);
                    } catch (ProblemException e) {
                        assertThat(e.problem()).isEqualTo(Problem.TOO_MANY_REQUESTS);
                        assertThat(e.headers()).containsKey("Retry-After");
                        return refused.incrementAndGet() > 0;
                    }
                }));
            }
            assertThat(work.run("b", () -> true)).isTrue();
            while (refused.get() < HeavyWork.MOST_OF_ONE + 1) {
                Thread.onSpinWait();
            }
            end.countDown();
            tasks.addAll(attempts);
            for (Future<Boolean> task : tasks) {
                assertThat(task.get()).isTrue();
            }
            assertThat(refused.get()).isEqualTo(HeavyWork.MOST_OF_ONE + 1);
        } finally {
            end.countDown();
        }
        assertThat(work.run("a", () -> true)).isTrue();
    }

    @Test
    void failuresReachTheCallerAndKeepNoTurn() {
        for (int i = 0; i < HeavyWork.MOST + 1; i++) {
            assertThatThrownBy(() -> work.run("a", () -> {
                        throw Problem.CONFLICT.with();
                    }))
                    .hasMessage("conflict");
        }
        assertThatThrownBy(() -> work.run("a", () -> {
                    throw new StackOverflowError("too deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(work.run("a", () -> true)).isTrue();
    }

    private static int spend() {
        int sum = 0;
        for (int i = 0; i < 5_000_000; i++) {
            sum += Integer.hashCode(i) % 7;
        }
        return sum;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static <T> Future<T> call(Callable<T> task) {
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        try {
            return callers.submit(task);
        } finally {
            callers.shutdown();
        }
    }
}
