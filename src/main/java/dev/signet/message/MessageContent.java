package dev.signet.message;

import dev.signet.message.Message.Part;
import dev.signet.platform.Names;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is said: plain text, Markdown, or a text that is enriched by parts. */
record MessageContent(String text, String type, List<Part> parts) {

    static final String ENRICHED = "text/enriched";
    static final String TYPES = "text/plain|text/system|" + ENRICHED;

    private static final int LARGEST = 16 * 1024;
    private static final int LARGEST_PAYLOAD = 4 * 1024;

    MessageContent {
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        if (sizeOf(text) > LARGEST) {
            refusal.field("content", "content_size");
        }
        if (!type.equals(ENRICHED) && !parts.isEmpty()) {
            refusal.field("contentParts", "only_enriched");
        }
        if (!Names.hasVisible(text) && parts.stream().map(Part::content).noneMatch(Names::hasVisible)) {
            refusal.field("content", "required");
        }
        for (int i = 0; i < parts.size(); i++) {
            RawJson payload = parts.get(i).payload();
            if (payload != null && sizeOf(payload.text()) > LARGEST_PAYLOAD) {
                refusal.field("contentParts[" + i + "].payload", "payload_size");
            }
        }
        refusal.throwIfAny();
    }

    private static int sizeOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
