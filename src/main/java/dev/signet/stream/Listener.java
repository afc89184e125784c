package dev.signet.stream;

import dev.signet.access.Caller;
import dev.signet.channel.ChannelAccess.Membership;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Who listens to a channel, and what waits to be written to them. Nobody ever waits for them. */
final class Listener {

    /** In bytes. */
    static final int MOST_WAITING = 1_000_000;

    private static final Event WAKE = new Event(0, false, new byte[0]);

    private final Caller caller;
    private final String channel;
    private final BlockingQueue<Event> waiting = new LinkedBlockingQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean ended;

    Listener(Caller caller, String channel) {
        this.caller = caller;
        this.channel = channel;
    }

    Caller caller() {
        return caller;
    }

    String channel() {
        return channel;
    }

    Membership membership() {
        return new Membership(channel, caller.user());
    }

    /** Takes an event to be written. Who has too much of it waiting reads too slowly, and is cut off. */
    void hear(Event event) {
        if (ended) {
            return;
        }
        if (bytes.addAndGet(event.text().length) > MOST_WAITING) {
            end();
        } else {
            waiting.add(event);
        }
    }

    /** What to write next, or null where there is nothing in that time. */
    @Nullable
    Event next(long nanos) throws InterruptedException {
        Event event = waiting.poll(nanos, TimeUnit.NANOSECONDS);
        if (event != null) {
            bytes.addAndGet(-event.text().length);
        }
        return event;
    }

    boolean isUpToDate() {
        return waiting.isEmpty();
    }

    /** Ends the stream: what waits is not written any more. */
    void end() {
        ended = true;
        waiting.clear();
        waiting.add(WAKE);
    }

    boolean hasEnded() {
        return ended;
    }
}
