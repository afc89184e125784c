package dev.signet.stream;

import dev.signet.message.MessageFeed.Change;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/** A change as it stands in a stream (server-sent events of the HTML standard), written once for all who listen. */
@SuppressWarnings("ArrayRecordComponent") // never compared or changed
record Event(long number, byte[] text) {

    static Event of(Change change, JsonMapper json) {
        String text = "id: " + change.number() + "\nevent: " + change.kind() + "\ndata: "
                + json.writeValueAsString(change.message()) + "\n\n";
        return new Event(change.number(), text.getBytes(StandardCharsets.UTF_8));
    }
}
