package dev.signet.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of the log as people read it. The same refusals of one minute are one row: its address, time and trace id are the
 * first one's, {@code count} says how many there were, {@code reason} what was missing.
 */
record AuditEntry(
        @JsonProperty("_id") String id,
        @Schema(implementation = Event.class) String event,
        @Schema(example = "ApiToken") String model,
        @Nullable String item,

        @Schema(description = "what the item is called now, if it has a name") @Nullable
        String itemName,

        @Schema(description = "the item's code, if it has one") @Nullable
        String itemCode,

        @Nullable Actor actor,
        String ip,
        Instant createdAt,
        String traceId,

        @Schema(description = "by JSON Pointer, what was and what became of it")
        Map<String, Change> changes,

        @Schema(
                description =
                        "of a refusal: the missing requiredPermissions, or the code that was answered; code other stands for all reasons after the twentieth of a route and minute")
        @Nullable
        Map<String, Object> reason,

        @Schema(description = "of a refusal: what was asked for") @Nullable
        String route,

        int count,
        String company) {

    /** Who did it, and the API token that it came through. */
    @Schema(name = "AuditActor")
    record Actor(
            String user,
            String email,
            String displayName,
            @Nullable String token) {}
}
