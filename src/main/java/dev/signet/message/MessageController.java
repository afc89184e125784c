package dev.signet.message;

import dev.signet.access.Caller;
import dev.signet.access.InGrace;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.channel.ChannelAccess;
import dev.signet.message.Message.Part;
import dev.signet.message.MessageService.Edit;
import dev.signet.message.MessageService.Posted;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ObjectId;
import dev.signet.platform.One;
import dev.signet.platform.Patch;
import dev.signet.platform.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "Messages")
@RequestMapping("/api/v1/messages")
class MessageController {

    private static final String REACTION = "an emoji or a short word; variation selectors make no difference";

    record NewMessage(
            @Schema(example = "6b0527c4cc10076c97460db2") @ObjectId @NotBlank
            String channel,

            @Schema(example = "Order 7 is packed", description = "at most 16 KB in UTF-8") @NotNull
            String content,

            @Schema(example = "text/plain") @NotNull @Pattern(regexp = MessageContent.TYPES)
            String contentType,

            @Schema(description = "with text/enriched alone") @Nullable @Size(max = 100)
            List<@NotNull @Valid Part> contentParts,

            @Schema(description = "a user that the token may act for; absent, the caller") @Nullable @ObjectId
            String sentBy,

            @Schema(description = "ids of messages of the same channel") @Nullable @ObjectId @Size(max = 20)
            List<@NotNull String> reply,

            @Schema(description = "existing clients send it; it does nothing") @Nullable
            Integer isSaved) {

        NewMessage {
            contentParts = Objects.requireNonNullElse(contentParts, List.of());
            reply = Objects.requireNonNullElse(reply, List.of());
            isSaved = null;
        }

        /** Naming oneself as the sender is the default. */
        NewMessage by(Caller caller) {
            String other = caller.user().equals(sentBy) ? null : sentBy;
            return new NewMessage(channel, content, contentType, contentParts, other, reply, isSaved);
        }

        @SuppressWarnings("NullAway") // the constructor leaves no default out
        MessageService.Wanted wanted(@Nullable IdempotencyKey request) {
            return new MessageService.Wanted(channel, content, contentType, contentParts, sentBy, reply, request);
        }
    }

    private final MessageService messages;
    private final JsonMapper json;

    MessageController(MessageService messages, JsonMapper json) {
        this.messages = messages;
        this.json = json;
    }

    @PostMapping
    @InGrace
    @Needs("messages-write")
    @Refuses({
        Problem.NOT_A_MEMBER,
        Problem.READ_ONLY_CHANNEL,
        Problem.CANNOT_ACT_FOR,
        Problem.CHANNEL_INACTIVE,
        Problem.CONFLICT,
        Problem.KEY_REUSED
    })
    @Operation(
            operationId = "postMessage",
            summary = "Posts a message, as the caller or as a user that its token may act for")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<One<Message>> post(
            Caller caller,
            @Parameter(
                            description =
                                    "repeated with the same body it posts nothing twice; at most 128 printable characters")
                    @RequestHeader(name = IdempotencyKey.HEADER, required = false)
                    @Nullable
                    String key,
            @Valid @RequestBody NewMessage body) {
        NewMessage message = body.by(caller);
        Posted posted = messages.post(caller, message.wanted(IdempotencyKey.of(key, message, json)));
        return posted.isNew() ? One.created(posted.message()) : One.replayed(posted.message(), posted.message());
    }

    @PatchMapping("/{id}")
    @InGrace
    @Needs(value = "messages-write", or = ChannelAccess.ADMINISTER)
    @Refuses({
        Problem.NOT_YOUR_MESSAGE,
        Problem.NOT_A_MEMBER,
        Problem.READ_ONLY_CHANNEL,
        Problem.CHANNEL_INACTIVE,
        Problem.CANNOT_ACT_FOR,
        Problem.TOO_LATE,
        Problem.CONFLICT,
        Problem.STALE
    })
    @Operation(
            operationId = "editMessage",
            summary =
                    "Edits a message: one's own, one sent through the same token, or any for who administers channels")
    ResponseEntity<One<Message>> edit(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @RequestBody Patch<Edit> patch) {
        return One.ok(messages.edit(caller, id, precondition, patch::onto));
    }

    @PatchMapping("/{id}/remove")
    @InGrace
    @Needs(value = "messages-write", or = ChannelAccess.ADMINISTER)
    @Refuses({
        Problem.NOT_YOUR_MESSAGE,
        Problem.NOT_A_MEMBER,
        Problem.READ_ONLY_CHANNEL,
        Problem.CHANNEL_INACTIVE,
        Problem.CANNOT_ACT_FOR,
        Problem.TOO_LATE,
        Problem.CONFLICT,
        Problem.STALE
    })
    @Operation(
            operationId = "removeMessage",
            summary = "Hides a message, one's own within 24 hours; isHidden: false shows it again")
    ResponseEntity<One<Message>> remove(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @RequestBody(required = false) @Nullable Patch<Edit> patch) {
        return One.ok(messages.edit(
                caller, id, precondition, now -> patch == null ? now.hidden() : patch.onto(now.hidden())));
    }

    @PutMapping("/{id}/reactions/{emoji}")
    @InGrace
    @Needs("messages-write")
    @Refuses({Problem.NOT_A_MEMBER, Problem.CHANNEL_INACTIVE, Problem.TOO_MANY_REACTIONS, Problem.STALE})
    @Operation(operationId = "addReaction", summary = "Adds one's reaction to a message")
    ResponseEntity<One<Message>> react(
            Caller caller,
            @PathVariable String id,
            @Parameter(description = REACTION) @PathVariable String emoji,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition) {
        return One.ok(messages.react(caller, id, precondition, emoji, true));
    }

    @DeleteMapping("/{id}/reactions/{emoji}")
    @InGrace
    @Needs("messages-write")
    @Refuses({Problem.NOT_A_MEMBER, Problem.CHANNEL_INACTIVE, Problem.STALE})
    @Operation(operationId = "removeReaction", summary = "Takes one's reaction back")
    ResponseEntity<One<Message>> unreact(
            Caller caller,
            @PathVariable String id,
            @Parameter(description = REACTION) @PathVariable String emoji,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition) {
        return One.ok(messages.react(caller, id, precondition, emoji, false));
    }
}
