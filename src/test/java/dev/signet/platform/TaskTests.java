package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.TaskScheduler;

/** Repeating tasks do not wait for each other, and none ends because it failed once. */
class TaskTests {

    private final TaskScheduler scheduler = Node.one().bean(TaskScheduler.class);
    private final List<ScheduledFuture<?>> scheduled = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void stop() {
        over.countDown();
        scheduled.forEach(task -> task.cancel(false));
    }

    @Test
    void slowTasksDoNotHoldUpOthers() {
        AtomicInteger slow = new AtomicInteger();
        AtomicInteger quick = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            repeat(() -> {
                slow.incrementAndGet();
                awaitEnd();
            });
        }
        repeat(quick::incrementAndGet);

        await().until(() -> slow.get() == 10 && quick.get() > 3);
    }

    @Test
    void aTaskThatFailsIsTriedAgain() {
        AtomicInteger failures = new AtomicInteger();
        repeat(() -> {
            if (failures.incrementAndGet() % 2 == 0) {
                throw new IllegalStateException("as the test asked");
            }
            throw new OutOfMemoryError("as the test asked");
        });

        await().until(() -> failures.get() > 3);
        assertThat(scheduled).noneMatch(ScheduledFuture::isDone);
    }

    private void repeat(Runnable task) {
        scheduled.add(scheduler.scheduleWithFixedDelay(task, Duration.ofMillis(10)));
    }

    private void awaitEnd() {
        try {
            over.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
