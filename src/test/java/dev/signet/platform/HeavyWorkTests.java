package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.signet.platform.HeavyWork.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Heavy work runs on few platform threads, one task of a caller at a time, and is refused rather than piled up. */
class HeavyWorkTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HeavyWork work = new HeavyWork("tests", 2, PATIENCE);

    @Test
    void workRunsOnPlatformThreads() throws Exception {
        Future<Boolean> virtual =
                call(() -> work.run(client("a"), () -> Thread.currentThread().isVirtual()));
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
            tasks.add(call(() -> work.run(client(caller), () -> {
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
        assertThat(most.get()).isLessThanOrEqualTo(2);
        assertThat(mostOfA.get()).isEqualTo(1);
    }

    @Test
    void twoTasksRunAtOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Future<Boolean> one = call(() -> work.run(client("a"), () -> meet(both)));
        Future<Boolean> other = call(() -> work.run(client("b"), () -> meet(both)));
        assertThat(one.get()).isTrue();
        assertThat(other.get()).isTrue();
    }

    @Test
    void aCallerWithTooManyTasksIsRefusedWhileOthersAreServed() throws Exception {
        try (Crowd crowd = new Crowd()) {
            crowd.enter(i -> client("a"), 2 * HeavyWork.MOST_OF_ONE);
            crowd.awaitRefused(HeavyWork.MOST_OF_ONE);
            assertThat(work.run(client("b"), () -> true)).isTrue();
        }
        assertThat(work.run(client("a"), () -> true)).isTrue();
    }

    @Test
    void allAddressesOfAnIpv6NetworkAreOneCaller() throws Exception {
        try (Crowd crowd = new Crowd()) {
            crowd.enter(i -> Client.stranger("2001:db8::" + i), 2 * HeavyWork.MOST_OF_ONE);
            crowd.awaitRefused(HeavyWork.MOST_OF_ONE);
            assertThat(work.run(Client.stranger("2001:db8:0:1::1"), () -> true)).isTrue();
        }
    }

    @Test
    void strangersLeaveHalfOfThePlacesToOthers() throws Exception {
        Future<Boolean> known;
        try (Crowd crowd = new Crowd()) {
            crowd.enter(i -> Client.stranger("192.0.2." + i % 16), 2 * HeavyWork.MOST);
            crowd.awaitRefused(2 * HeavyWork.MOST - HeavyWork.MOST_OF_STRANGERS);
            known = call(() -> work.run(client("a"), () -> true));
        }
        assertThat(known.get()).isTrue();
    }

    @Test
    void aCompanyTakesAPartOfThePlaces() throws Exception {
        Future<Boolean> other;
        try (Crowd crowd = new Crowd()) {
            crowd.enter(i -> Client.of("company", "user " + i), 2 * HeavyWork.MOST);
            crowd.awaitRefused(2 * HeavyWork.MOST - HeavyWork.MOST_OF_A_COMPANY);
            other = call(() -> work.run(Client.of("other company", "user"), () -> true));
        }
        assertThat(other.get()).isTrue();
    }

    @Test
    void failuresReachTheCallerAndKeepNoTurn() {
        for (int i = 0; i < HeavyWork.MOST + 1; i++) {
            assertThatThrownBy(() -> work.run(client("a"), () -> {
                        throw Problem.CONFLICT.with();
                    }))
                    .hasMessage("conflict");
        }
        assertThatThrownBy(() -> work.run(client("a"), () -> {
                    throw new StackOverflowError("too deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(work.run(client("a"), () -> true)).isTrue();
    }

    private static int spend() {
        int sum = 0;
        for (int i = 0; i < 5_000_000; i++) {
            sum += Integer.hashCode(i) % 7;
        }
        return sum;
    }

    private static Client client(String user) {
        return Client.of("company of " + user, user);
    }

    private static boolean meet(CyclicBarrier barrier) {
        try {
            barrier.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            return false;
        }
    }

    /** Tasks that run until it is closed, and those that were refused. */
    private final class Crowd implements AutoCloseable {

        private final CountDownLatch end = new CountDownLatch(1);
        private final AtomicInteger refused = new AtomicInteger();
        private final List<Future<Boolean>> tasks = new ArrayList<>();

        void enter(IntFunction<Client> client, int count) {
            for (int i = 0; i < count; i++) {
                Client one = client.apply(i);
                tasks.add(call(() -> {
                    try {
                        return work.run(one, this::hold);
                    } catch (ProblemException e) {
                        assertThat(e.problem()).isEqualTo(Problem.TOO_MANY_REQUESTS);
                        assertThat(e.headers()).containsKey("Retry-After");
                        return refused.incrementAndGet() > 0;
                    }
                }));
            }
        }

        void awaitRefused(int count) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(refused.get()).isEqualTo(count));
        }

        private boolean hold() {
            try {
                end.await();
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        }

        @Override
        public void close() {
            end.countDown();
            await().atMost(PATIENCE).until(() -> tasks.stream().allMatch(Future::isDone));
            assertThat(tasks).allMatch(Future::resultNow);
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
