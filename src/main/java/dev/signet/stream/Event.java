package dev.signet.stream;

import dev.signet.message.MessageFeed.Change;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/** A change as it stands in a stream (server-sent events of the HTML standard), written once for all who listen. */
@SuppressWarnings("ArrayRecordComponent") // never compared or changed
record Event(long number, boolean isReset, byte[] text) {

    static Event of(Change change, JsonMapper json) {
        return of(change.number(), change.kind(), false, json.writeValueAsString(change.message()));
    }

    /** Tells clients that what they know may be wrong: numbering goes on from that number. */
    static Event reset(long number) {
        return of(number, "reset", true, "{\"number\":" + number + "}");
    }

    private static Event of(long number, String kind, boolean isReset, String data) {
        String text = "id: " + number + "\nevent: " + kind + "\ndata: " + data + "\n\n";
        return new Event(number, isReset, text.getBytes(StandardCharsets.UTF_8));
    }
}
