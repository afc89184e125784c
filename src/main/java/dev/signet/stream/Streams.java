package dev.signet.stream;

import dev.signet.access.Caller;
import dev.signet.message.MessageFeed;
import dev.signet.platform.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The streams that are open on this node. While there are any, one thread sees off those who may not read any more, and tells
 * the others what is new.
 */
@Component
class Streams implements SmartLifecycle {

    /** Half of the connections that the server takes: the rest is for everything else. */
    private static final int MOST = 4_000;

    static final int MOST_OF_ONE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private static final Duration ROUND = Duration.ofMillis(100);
    private static final Duration CHECKED_EVERY = Duration.ofMillis(400);
    private static final Duration UNTIL_ONE_ENDS = Duration.ofSeconds(10);

    private final Set<Listener> open = ConcurrentHashMap.newKeySet();
    private final Follower follower;
    private final Guard guard;
    private final MessageFeed feed;
    private final JsonMapper json;

    private boolean following;
    private boolean stopped;
    private long checked = System.nanoTime() - CHECKED_EVERY.toNanos();
    private boolean databaseAway;

    Streams(Follower follower, Guard guard, MessageFeed feed, JsonMapper json) {
        this.follower = follower;
        this.guard = guard;
        this.feed = feed;
        this.json = json;
    }

    /** Tells the caller what happens in the channel after that number, as long as they may and do listen. */
    void tell(Caller caller, String channel, long after, OutputStream out) throws IOException, InterruptedException {
        Listener listener = open(caller, channel);
        try {
            new Telling(listener, after, out, follower, feed, json).run();
        } finally {
            leave(listener);
        }
    }

    @Override
    public synchronized void start() {
        stopped = false;
    }

    /** Ends all streams before the server waits for its open requests. */
    @Override
    public synchronized void stop() {
        stopped = true;
        open.forEach(Listener::end);
    }

    @Override
    public synchronized boolean isRunning() {
        return !stopped;
    }

    private synchronized Listener open(Caller caller, String channel) {
        long own = open.stream()
                .filter(other -> other.caller().credential().equals(caller.credential()))
                .count();
        if (own >= MOST_OF_ONE || open.size() >= MOST) {
            throw Problem.TOO_MANY_STREAMS.with(MOST_OF_ONE, MOST).retryAfter(UNTIL_ONE_ENDS);
        }
        Listener listener = new Listener(caller, channel);
        if (stopped) {
            listener.end();
        }
        open.add(listener);
        if (!following) {
            following = true;
            Thread.ofVirtual().name("streams").start(this::follow);
        }
        return listener;
    }

    private synchronized void leave(Listener listener) {
        open.remove(listener);
        follower.leave(listener);
    }

    private synchronized boolean isFollowing() {
        following = !open.isEmpty() && !stopped;
        return following;
    }

    private void follow() {
        try {
            while (isFollowing()) {
                round();
                Thread.sleep(ROUND);
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody is told anything while it cannot be asked whether they may know it. */
    private void round() {
        try {
            check();
            for (Map.Entry<String, Long> moved : follower.moved().entrySet()) {
                check();
                handOn(moved.getKey(), moved.getValue());
            }
            databaseAway = false;
        } catch (DataAccessException away) {
            if (!databaseAway) {
                LOG.warn("Streams wait for the database: {}", away.toString());
            }
            databaseAway = true;
        } catch (RuntimeException | Error failure) {
            // whatever it was, the next round may go well, and nobody else would tell them
            LOG.error("A round of the streams failed", failure);
        }
    }

    private void check() {
        if (System.nanoTime() - checked >= CHECKED_EVERY.toNanos()) {
            long now = System.nanoTime();
            // those of now: who comes meanwhile was let in just now, and is not asked for
            guard.refused(List.copyOf(open)).forEach(Listener::end);
            checked = now;
        }
    }

    /** A channel that cannot be read ends its own streams, not everybody's. */
    private void handOn(String channel, long head) {
        try {
            follower.tell(channel, head);
        } catch (DataAccessException away) {
            throw away;
        } catch (RuntimeException failure) {
            LOG.error("What happened in channel {} cannot be told", channel, failure);
            open.stream().filter(listener -> listener.channel().equals(channel)).forEach(Listener::end);
        }
    }
}
