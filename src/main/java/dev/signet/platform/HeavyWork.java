package dev.signet.platform;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs work that takes a processor for long: on platform threads, so that the few carriers of virtual threads stay free for
 * everybody's requests; little of it at once; one task of each client at a time, so that a client delays only themselves. The
 * callers wait, on their virtual threads; when too many wait, or one waits too long, the answer is 429. Strangers, and the
 * clients of one company, get a part of the places only.
 */
public final class HeavyWork {

    /** How many tasks of one client may wait for each other. */
    static final int MOST_OF_ONE = 8;

    /** How many tasks may run and wait altogether. */
    static final int MOST = 64;

    /** How many of these may be for clients who are not known yet. */
    static final int MOST_OF_STRANGERS = MOST / 2;

    static final int MOST_OF_A_COMPANY = MOST / 4;

    /**
     * For whom a task runs.
     *
     * @param id whose tasks run one at a time
     * @param group whose tasks together take no more than those places
     */
    public record Client(String id, String group, int mostOfGroup) {

        public static Client of(String company, String user) {
            return new Client(user, company, MOST_OF_A_COMPANY);
        }

        /** An anonymous client, counted by the network of its address. */
        public static Client stranger(String address) {
            return new Client(Addresses.owned(address).getFirst(), "strangers", MOST_OF_STRANGERS);
        }
    }

    private static final class Line {
        private final Semaphore turn = new Semaphore(1, true);
        private int length;
    }

    private final String name;
    private final int atOnce;
    private final Duration patience;
    private final Semaphore places = new Semaphore(MOST);
    private final Semaphore turns;
    private final Map<String, Line> lines = new HashMap<>();
    private final Map<String, Integer> groups = new HashMap<>();
    private final ExecutorService threads;

    /**
     * @param name of the limit, in the answer and of the threads
     * @param atOnce how many tasks run at the same time
     * @param patience how long a task waits for its turn
     */
    public HeavyWork(String name, int atOnce, Duration patience) {
        this.name = name;
        this.atOnce = atOnce;
        this.patience = patience;
        this.turns = new Semaphore(atOnce, true);
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /** Half of the processors: the rest stays for everything else. */
    public static int halfOfTheProcessors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** Runs the work when it is the client's turn. Refuses with 429 instead of letting it wait for too long. */
    public <T> T run(Client client, Supplier<T> work) {
        Line line = join(client);
        try {
            return inTurn(line.turn, () -> inTurn(turns, () -> await(threads.submit(work::get))));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Problem.UNAVAILABLE.with().retryAfter(patience);
        } finally {
            leave(client, line);
        }
    }

    private interface Step<T> {
        T run() throws InterruptedException;
    }

    private <T> T inTurn(Semaphore turn, Step<T> step) throws InterruptedException {
        if (!turn.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw refusal();
        }
        try {
            return step.run();
        } finally {
            turn.release();
        }
    }

    private static <T> T await(Future<T> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }

    private synchronized Line join(Client client) {
        Line line = lines.get(client.id);
        if ((line != null && line.length >= MOST_OF_ONE)
                || groups.getOrDefault(client.group, 0) >= client.mostOfGroup
                || !places.tryAcquire()) {
            throw refusal();
        }
        if (line == null) {
            line = new Line();
            lines.put(client.id, line);
        }
        line.length++;
        groups.merge(client.group, 1, Integer::sum);
        return line;
    }

    private synchronized void leave(Client client, Line line) {
        line.length--;
        if (line.length == 0) {
            lines.remove(client.id);
        }
        groups.computeIfPresent(client.group, (group, count) -> count > 1 ? count - 1 : null);
        places.release();
    }

    private ProblemException refusal() {
        return Problem.TOO_MANY_REQUESTS.with().limit(name, atOnce, patience, patience);
    }
}
