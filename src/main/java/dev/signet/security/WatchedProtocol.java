package dev.signet.security;

import dev.signet.platform.Repeating;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * Tomcat's connections, watched: a deadline for all that a client sends and reads, where Tomcat's own time-outs begin again with
 * every byte; and room for new connections, where Tomcat would let them wait until an old one ends. See decision record 13.
 *
 * <p>A connection that has to go gets its input shut down; its output too, if a thread waits to write. Tomcat's poller wakes
 * that thread, which sees the end of the input or fails to write, and closes the connection as if the client had gone. The
 * task that watches never closes a connection, takes no lock of Tomcat's and changes nothing but the two directions of the
 * channel. What it reads of requests and responses may be about to change: it only acts where that is harmless, or looks again
 * at the next watch.
 *
 * <p>Made by Tomcat, by its name.
 */
public class WatchedProtocol extends Http11NioProtocol {

    private static final long MILLIS_BETWEEN_WATCHES = 100;

    /** From three quarters on, connections that only wait make room for new ones, which then do not wait themselves. */
    private static final int CROWDED_NUMERATOR = 3;

    private static final int CROWDED_DENOMINATOR = 4;

    /** A client that was silent for that long, or has been reading for that long, is not just about to go on. */
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

        Response response() {
            return response;
        }
    }

    private void watch() {
        List<Waiting<SocketWrapperBase<NioChannel>>> waiting = new ArrayList<>();
        int cutBefore = 0;
        for (SocketWrapperBase<NioChannel> connection : getEndpoint().getConnections()) {
            SocketChannel channel = connection.getSocket().getIOChannel();
            if (channel == null) {
                // closed a moment ago
                continue;
            }
            if (!channel.socket().isInputShutdown()) {
                look(connection, waiting);
                continue;
            }
            cutBefore++;
            if (!channel.socket().isOutputShutdown()) {
                // its last answer may not be read either
                look(connection, new ArrayList<>());
            }
        }
        silences.keySet().retainAll(getEndpoint().getConnections());
        long room = (long) getMaxConnections() * CROWDED_NUMERATOR / CROWDED_DENOMINATOR;
        Crowd.toLeave(waiting, getEndpoint().getConnectionCount() - cutBefore - room)
                .forEach(one -> cut(one.connection()));
    }

    private void look(SocketWrapperBase<NioChannel> connection, List<Waiting<SocketWrapperBase<NioChannel>>> waiting) {
        WatchedProcessor working = busy.get(connection);
        Object last = working == null ? connection.getCurrentProcessor() : working;
        if (last instanceof WatchedProcessor processor && processor.getRequest().getStartTimeNanos() >= 0) {
            if (isBlockedInWriting(connection) && processor.response().isCommitted()) {
                lookAtResponse(connection, processor.response(), waiting);
            } else {
                // Tomcat has no thread for a head that is not complete, and one for a body
                lookAtRequest(connection, processor, working == null, waiting);
            }
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
            waiting.add(waiting(connection, age));
        }
    }

    private void lookAtRequest(
            SocketWrapperBase<NioChannel> connection,
            WatchedProcessor processor,
            boolean head,
            List<Waiting<SocketWrapperBase<NioChannel>>> waiting) {
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
            waiting.add(waiting(connection, patience.age(began)));
        }
    }

    private void lookAtResponse(
            SocketWrapperBase<NioChannel> connection,
            Response response,
            List<Waiting<SocketWrapperBase<NioChannel>>> waiting) {
        long began = response.getCommitTimeNanos();
        long bytes = response.getContentWritten();
        if (isStream(response) || !response.isCommitted() || began != response.getCommitTimeNanos()) {
            // a stream has rules of its own; or the response has just ended
            return;
        }
        if (patience.isOverForResponse(began, bytes)) {
            cut(connection);
        } else if (patience.age(began).toMillis() > SILENT_MILLIS) {
            waiting.add(waiting(connection, patience.age(began)));
        }
    }

    private static boolean isStream(Response response) {
        String type = response.getContentType();
        return type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
    }

    /** Whether Tomcat waits for bytes, and has not just been given some that no thread came to read yet. */
    private static boolean isAwaited(SocketWrapperBase<NioChannel> connection) {
        return ((NioSocketWrapper) connection).interestOpsHas(SelectionKey.OP_READ);
    }

    private static boolean isBlockedInWriting(SocketWrapperBase<NioChannel> connection) {
        return ((NioSocketWrapper) connection).interestOpsHas(SelectionKey.OP_WRITE);
    }

    private static Waiting<SocketWrapperBase<NioChannel>> waiting(
            SocketWrapperBase<NioChannel> connection, Duration age) {
        return new Waiting<>(connection, String.valueOf(connection.getRemoteAddr()), age);
    }

    private static void cut(SocketWrapperBase<NioChannel> connection) {
        try {
            SocketChannel channel = connection.getSocket().getIOChannel();
            if (channel == null) {
                return;
            }
            channel.shutdownInput();
            if (isBlockedInWriting(connection)) {
                // the end of the input does not wake a writer; and what was written so far is not kept for the client
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                channel.shutdownOutput();
            }
        } catch (IOException gone) {
            // as it should be
        }
    }
}
