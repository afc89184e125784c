package dev.signet.stream;

import dev.signet.access.Caller;
import dev.signet.message.MessageFeed;
import dev.signet.platform.Failures;
import dev.signet.platform.Problem;
import dev.signet.platform.Shares;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The streams that are open on this node. While there are any, one thread sees off those who may not read any more, and another
 * tells the rest what is new: a slow read does not keep anybody listening.
 */
@Component
class Streams implements SmartLifecycle {

    /** Half of the connections that the server takes: the rest is for everything else. */
    private static final int MOST = Math.min(4_000, Shares.connections() / 2);

    static final int MOST_OF_A_COMPANY = 1_000;

    /** On a node with a small heap one company must not have all of them either. */
    private static final int OF_A_COMPANY_HERE = Math.min(MOST_OF_A_COMPANY, MOST / 2);

    /** Of one user, through however many sessions: nobody uses up what the company has. */
    static final int MOST_OF_ONE = 50;

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private static final Duration TOLD_EVERY = Duration.ofMillis(100);
    private static final Duration CHECKED_EVERY = Duration.ofMillis(400);
    private static final Duration CHECK_LASTS = Duration.ofSeconds(1);
    private static final Duration UNTIL_ONE_ENDS = Duration.ofSeconds(10);

    private final Set<Listener> open = ConcurrentHashMap.newKeySet();
    private final Follower follower;
    private final Guard guard;
    private final MessageFeed feed;
    private final JsonMapper json;

    private final Rounds checks = new Rounds("checks of streams", CHECKED_EVERY, this::check, this::isWanted);
    private final Rounds tellings = new Rounds("streams", TOLD_EVERY, this::tellAll, this::isWanted);

    private volatile boolean stopped;
    private volatile long checked = System.nanoTime() - CHECK_LASTS.toNanos();

    Streams(Follower follower, Guard guard, MessageFeed feed, JsonMapper json) {
        this.follower = follower;
        this.guard = guard;
        this.feed = feed;
        this.json = json;
    }

    /** Tells the caller what happens in the channel from there on, as long as they may and do listen. */
    void tell(Caller caller, String channel, Start start, OutputStream out) throws IOException, InterruptedException {
        Listener listener = open(caller, channel);
        try {
            new Telling(listener, start, out, follower, feed, json).run();
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
        if (count(other -> other.user().equals(caller.user())) >= MOST_OF_ONE
                || count(other -> other.company().equals(caller.company())) >= OF_A_COMPANY_HERE
                || open.size() >= MOST) {
            throw Problem.TOO_MANY_STREAMS
                    .with(MOST_OF_ONE, OF_A_COMPANY_HERE, MOST)
                    .retryAfter(UNTIL_ONE_ENDS);
        }
        Listener listener = new Listener(caller, channel);
        if (stopped) {
            listener.end();
        }
        open.add(listener);
        checks.begin();
        tellings.begin();
        return listener;
    }

    private long count(Predicate<Caller> which) {
        return open.stream().map(Listener::caller).filter(which).count();
    }

    private synchronized void leave(Listener listener) {
        open.remove(listener);
        follower.leave(listener);
    }

    private boolean isWanted() {
        return !open.isEmpty() && !stopped;
    }

    private void check() {
        long now = System.nanoTime();
        // those of now: who comes meanwhile was let in just now, and is not asked for
        guard.refused(List.copyOf(open)).forEach(Listener::end);
        checked = now;
    }

    /** Nobody is told anything while it cannot be asked whether they may know it. */
    private boolean wasChecked() {
        return System.nanoTime() - checked < CHECK_LASTS.toNanos();
    }

    private void tellAll() {
        if (wasChecked()) {
            follower.moved().forEach(this::tellChannel);
        }
    }

    /** A channel that cannot be read ends its own streams, not everybody's. */
    private void tellChannel(String channel, long head) {
        if (!wasChecked()) {
            return;
        }
        try {
            follower.tell(channel, head);
        } catch (RuntimeException | Error failure) {
            if (Failures.isDatabaseAway(failure)) {
                throw failure;
            }
            LOG.error("What happened in channel {} cannot be told", channel, failure);
            open.stream().filter(listener -> listener.channel().equals(channel)).forEach(Listener::end);
        }
    }
}
