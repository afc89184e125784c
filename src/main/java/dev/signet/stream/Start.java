package dev.signet.stream;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream starts.
 *
 * @param after the number of the last change that the client knows
 * @param isReset whether the client named an event that the channel does not have, and must be told where it is
 */
record Start(long after, boolean isReset) {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /**
     * After the event that the client saw last; without one, or where there is no such event, at the channel's head. It is
     * never a refusal: after one, an EventSource does not connect again.
     */
    static Start of(@Nullable String lastEventId, long head) {
        if (lastEventId == null || lastEventId.isEmpty()) {
            return new Start(head, false);
        }
        long seen = NUMBER.matcher(lastEventId).matches() ? Long.parseLong(lastEventId) : Long.MAX_VALUE;
        return seen <= head ? new Start(seen, false) : new Start(head, true);
    }
}
