package dev.signet.stream;

import dev.signet.message.MessageFeed;
import dev.signet.message.MessageFeed.Change;
import dev.signet.message.MessageFeed.Changes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows the numbers of those channels that somebody on this node listens to, and hands on what is new: read once, however
 * many listen. The database is asked, and does not call, so that any node can have made the change.
 */
@Component
class Follower {

    /** How much is read at once, and how many bytes of it are handed on: the rest waits for the next round, so that writers keep up. */
    private static final int PAGE = 100;

    private static final int MOST_AT_ONCE = Listener.MOST_WAITING / 4;

    /** A channel, the number up to which all was handed on, and those whom it is handed to. */
    private static final class Followed {

        private final Set<Listener> listeners = new CopyOnWriteArraySet<>();
        private long number;

        Followed(long number) {
            this.number = number;
        }
    }

    private final Map<String, Followed> followed = new ConcurrentHashMap<>();
    private final MessageFeed feed;
    private final JsonMapper json;

    Follower(MessageFeed feed, JsonMapper json) {
        this.feed = feed;
        this.json = json;
    }

    /**
     * From now on the listener, who knows all up to that number, hears what is read. What was being read just now it may not
     * hear: it was committed before, so whoever reads once more by themselves, and drops what they know, misses nothing.
     */
    void join(Listener listener, long number) {
        followed.compute(listener.channel(), (channel, known) -> {
            Followed joined = known == null ? new Followed(number) : known;
            joined.listeners.add(listener);
            return joined;
        });
    }

    void leave(Listener listener) {
        followed.computeIfPresent(listener.channel(), (channel, left) -> {
            left.listeners.remove(listener);
            return left.listeners.isEmpty() ? null : left;
        });
    }

    /** The channels whose head is not what was handed on last, and their heads. */
    Map<String, Long> moved() {
        Map<String, Long> moved = new HashMap<>(followed.isEmpty() ? Map.of() : feed.heads(followed.keySet()));
        moved.entrySet().removeIf(head -> {
            Followed channel = followed.get(head.getKey());
            return channel == null || channel.number == head.getValue();
        });
        return moved;
    }

    /** Hands on what happened in the channel, whose head was seen to be there. */
    void tell(String id, long head) {
        Followed channel = followed.get(id);
        if (channel == null) {
            return;
        }
        if (head < channel.number) {
            goBack(id, channel);
            return;
        }
        Changes read = feed.after(id, channel.number, PAGE, MOST_AT_ONCE);
        for (Change change : read.changes()) {
            Event event = Event.of(change, json);
            channel.listeners.forEach(listener -> listener.hear(event));
            channel.number = change.number();
        }
        if (!read.more()) {
            // a number that stands for no change is not asked for again
            channel.number = Math.max(channel.number, head);
        }
    }

    /**
     * A head below what was handed on: another database has taken over, which lacks the last changes. The head is read again,
     * because the listeners may have joined with a higher number after it was first read.
     */
    private void goBack(String id, Followed channel) {
        long head = feed.head(id);
        if (head < channel.number) {
            Event reset = Event.reset(head);
            channel.listeners.forEach(listener -> listener.hear(reset));
            channel.number = head;
        }
    }
}
