package dev.signet.message;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.signet.avatar.Avatar;
import dev.signet.platform.RawJson;
import dev.signet.platform.Versioned;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message with its sender as they are now. One that is hidden keeps its place, not its words.
 *
 * @param contentArray the parts of an enriched text
 * @param createdAt epoch milliseconds, as existing clients read it
 * @param actedBy who really spoke, where a bot acted for the sender
 */
public record Message(
        @JsonProperty("_id") String id,
        String channel,
        String content,

        @Schema(allowableValues = {"text/plain", "text/system", "text/enriched"})
        String contentType,

        List<Part> contentArray,
        List<String> reply,
        int isSaved,
        String sentBy,
        boolean isBot,
        Sender sender,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ActedBy actedBy,

        boolean isHidden,
        Map<String, List<String>> reactions,
        long createdAt,
        Instant modifiedAt,
        Form form,
        @JsonIgnore long version)
        implements Versioned {

    /** What existing clients read of a message that the service keeps. */
    static final int SAVED = 16;

    /** A piece of an enriched text. Hovers and tasks are kept, and shown as text. */
    public record Part(
            @NotNull Kind type,
            @NotNull String content,

            @Schema(implementation = Object.class, description = "any JSON of at most 4 KB, returned as it was sent")
            @Nullable
            RawJson payload) {}

    /** The names are the words on the wire. */
    public enum Kind {
        text,
        link,
        user,
        hover,
        task
    }

    public record Sender(String displayName, Avatar avatar) {}

    public record ActedBy(String user, String token) {}

    /** Existing clients read it; messages have no forms here. */
    public record Form(List<String> modifiedAt) {

        static final Form NONE = new Form(List.of());
    }
}
