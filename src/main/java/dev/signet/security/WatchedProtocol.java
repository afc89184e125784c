package dev.signet.security;

import dev.signet.platform.Repeating;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's connections, watched: a deadline for all that a client sends, where Tomcat's own time-out begins again with every
 * byte; and room for new connections, where Tomcat would let them wait until an old one ends. See decision record 13.
 *
 * <p>A connection that has to go gets its input shut down. Its own thread, woken by that, sees the end of the input and closes
 * it as if the client had gone: nothing of Tomcat is touched from another thread, and an answer can still be written.
 *
 * <p>Made by Tomcat, by its name.
 */
public class WatchedProtocol extends Http11NioProtocol {

    private static final long MILLIS_BETWEEN_WATCHES = 100;

    /** From three quarters on, connections that only wait make room for new ones, which then do not wait themselves. */
    private static final int CROWDED_NUMERATOR = 3;

    private static final int CROWDED_DENOMINATOR = 4;

    /** A new connection that was silent for that long did not just wait for the poller to look at it. */
    private static final long SILENT_MILLIS = 500;

    private final Map<SocketWrapperBase<?>, WatchedProcessor> busy = new ConcurrentHashMap<>();
    /** What was last read, by the machine's clock as Tomcat has it, and when that was first seen, by one that only runs forward. */
    private record Silence(long lastRead, long seen) {}

    private final Map<SocketWrapperBase<?>, Silence> silences = new HashMap<>();
    private Patience patience = Patience.standard();
    private @Nullable ScheduledFuture<?> watch;

    void setPatience(Patience patience) {
        this.patience = patience;
    }

    @Override
    public void start() throws Exception {
        super.start();
        watch = getUtilityExecutor()
                .scheduleWithFixedDelay(
                        new Repeating("watch over connections", this::watch),
                        MILLIS_BETWEEN_WATCHES,
                        MILLIS_BETWEEN_WATCHES,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        if (watch != null) {
            watch.cancel(false);
        }
        super.stop();
    }

    @Override
    protected Processor createProcessor() {
        return new WatchedProcessor(this, getAdapter());
    }

    /** Knows the connection that it works for, also while it works, and tells whether the request is complete. */
    private static final class WatchedProcessor extends Http11Processor {

        private final WatchedProtocol protocol;

        WatchedProcessor(WatchedProtocol protocol, Adapter adapter) {
            super(protocol, adapter);
            this.protocol = protocol;
        }

        @Override
        public SocketState process(SocketWrapperBase<?> connection, SocketEvent event) throws IOException {
            protocol.busy.put(connection, this);
            try {
                return super.process(connection, event);
            } finally {
                protocol.busy.remove(connection);
            }
        }

        boolean isComplete() {
            return isRequestBodyFullyRead();
        }
    }

    /** A connection on which the client is the one who has to send something, and for how long. */
    private record Waiting(SocketWrapperBase<NioChannel> connection, Duration age) {}

    private void watch() {
        List<Waiting> waiting = new ArrayList<>();
        for (SocketWrapperBase<NioChannel> connection : getEndpoint().getConnections()) {
            if (!isCut(connection)) {
                look(connection, waiting);
            }
        }
        silences.keySet().retainAll(getEndpoint().getConnections());
        long room = (long) getMaxConnections() * CROWDED_NUMERATOR / CROWDED_DENOMINATOR;
        makeRoom(waiting, getEndpoint().getConnectionCount() - room);
    }

    private void look(SocketWrapperBase<NioChannel> connection, List<Waiting> waiting) {
        WatchedProcessor working = busy.get(connection);
        Object last = working == null ? connection.getCurrentProcessor() : working;
        if (last instanceof WatchedProcessor processor && processor.getRequest().getStartTimeNanos() >= 0) {
            // Tomcat has no thread for a head that is not complete, and one for a body
            lookAtRequest(connection, processor, working == null, waiting);
            return;
        }
        // nothing has come yet, or nothing since the last answer: Tomcat's own time-outs hold here
        long lastRead = ((NioSocketWrapper) connection).getLastRead();
        long now = System.nanoTime();
        Silence silence = silences.compute(
                connection,
                (same, known) -> known != null && known.lastRead == lastRead ? known : new Silence(lastRead, now));
        Duration age = Duration.ofNanos(now - silence.seen);
        if (age.toMillis() > SILENT_MILLIS && isAwaited(connection)) {
            waiting.add(new Waiting(connection, age));
        }
    }

    private void lookAtRequest(
            SocketWrapperBase<NioChannel> connection, WatchedProcessor processor, boolean head, List<Waiting> waiting) {
        long began = processor.getRequest().getStartTimeNanos();
        long bytes = processor.getRequest().getBytesRead();
        boolean complete = processor.isComplete();
        if (complete || began < 0 || began != processor.getRequest().getStartTimeNanos()) {
            // complete, or another request than a moment ago
            return;
        }
        if (head ? patience.isOverForHead(began) : patience.isOverForRequest(began, bytes)) {
            cut(connection);
        } else if (isAwaited(connection)) {
            waiting.add(new Waiting(connection, patience.age(began)));
        }
    }

    /** Whether Tomcat waits for bytes, and has not just been given some that no thread came to read yet. */
    private static boolean isAwaited(SocketWrapperBase<NioChannel> connection) {
        return ((NioSocketWrapper) connection).interestOpsHas(SelectionKey.OP_READ);
    }

    /** Cuts the oldest of the address that has the most of them, again and again. */
    private static void makeRoom(List<Waiting> waiting, long excess) {
        if (excess <= 0) {
            return;
        }
        Comparator<Waiting> oldestFirst = Comparator.comparing(Waiting::age).reversed();
        Map<String, Queue<Waiting>> addresses = new HashMap<>();
        for (Waiting one : waiting) {
            addresses
                    .computeIfAbsent(
                            String.valueOf(one.connection.getRemoteAddr()), address -> new PriorityQueue<>(oldestFirst))
                    .add(one);
        }
        Queue<Queue<Waiting>> mostFirst = new PriorityQueue<>(
                Comparator.<Queue<Waiting>>comparingInt(Queue::size).reversed());
        mostFirst.addAll(addresses.values());
        for (long left = Math.min(excess, waiting.size()); left > 0; left--) {
            Queue<Waiting> most = mostFirst.remove();
            cut(most.remove().connection);
            mostFirst.add(most);
        }
    }

    private static boolean isCut(SocketWrapperBase<NioChannel> connection) {
        SocketChannel channel = connection.getSocket().getIOChannel();
        return channel == null || channel.socket().isInputShutdown();
    }

    private static void cut(SocketWrapperBase<NioChannel> connection) {
        try {
            SocketChannel channel = connection.getSocket().getIOChannel();
            if (channel != null) {
                channel.shutdownInput();
            }
        } catch (IOException gone) {
            // as it should be
        }
    }
}
