package dev.signet.stream;

import dev.signet.message.MessageFeed;
import dev.signet.message.MessageFeed.Change;
import dev.signet.message.MessageFeed.Changes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import tools.jackson.databind.json.JsonMapper;

/**
 * One stream as it is written, by the thread of its request, which is a virtual one and so costs nothing while it waits. It
 * catches up by itself, joins the others, catches up with what happened meanwhile, and from then on writes what it hears.
 */
final class Telling {

    /** How much of the past is read at once: it is held while a slow reader lets it be written. */
    static final int PAGE = 25;

    private static final int PAGE_BYTES = 64 * 1024;

    private static final long SILENCE = Duration.ofSeconds(15).toNanos();
    private static final byte[] COMMENT = text(": \n\n");
    private static final byte[] BEGINNING = text("retry: 2000\n: \n\n");

    private final Listener listener;
    private final OutputStream out;
    private final Follower follower;
    private final MessageFeed feed;
    private final JsonMapper json;
    private final boolean resets;
    private long told;

    Telling(Listener listener, Start start, OutputStream out, Follower follower, MessageFeed feed, JsonMapper json) {
        this.listener = listener;
        this.resets = start.isReset();
        this.told = start.after();
        this.out = out;
        this.follower = follower;
        this.feed = feed;
        this.json = json;
    }

    /** Returns when the listener has ended; throws when nobody reads any more. */
    void run() throws IOException, InterruptedException {
        out.write(BEGINNING);
        if (resets) {
            tell(Event.reset(told));
        }
        catchUp();
        follower.join(listener, told);
        catchUp();
        long comment = System.nanoTime() + SILENCE;
        while (!listener.hasEnded()) {
            Event event = listener.next(comment - System.nanoTime());
            if (event != null) {
                tell(event);
            } else {
                out.write(COMMENT);
                comment = System.nanoTime() + SILENCE;
            }
            if (listener.isUpToDate()) {
                out.flush();
            }
        }
    }

    private void catchUp() throws IOException {
        boolean more;
        do {
            Changes read = feed.after(listener.channel(), told, PAGE, PAGE_BYTES);
            more = read.more();
            Queue<Change> page = new ArrayDeque<>(read.changes());
            while (!page.isEmpty()) {
                tell(Event.of(page.remove(), json));
            }
            out.flush();
        } while (more && !listener.hasEnded());
    }

    /** Writes an event, unless it was written already or the listener may not have it any more. */
    private void tell(Event event) throws IOException {
        if ((event.number() > told || event.isReset()) && !listener.hasEnded()) {
            out.write(event.text());
            told = event.number();
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
