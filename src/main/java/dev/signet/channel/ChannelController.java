package dev.signet.channel;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.signet.access.Caller;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.channel.Channel.Settings;
import dev.signet.channel.ChannelService.Created;
import dev.signet.platform.Code;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Name;
import dev.signet.platform.ObjectId;
import dev.signet.platform.One;
import dev.signet.platform.Page;
import dev.signet.platform.Patch;
import dev.signet.platform.Problem;
import dev.signet.platform.SortsBy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
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
@Tag(name = "Channels")
@RequestMapping("/api/v2/channels")
class ChannelController {

    record NewChannel(
            @Schema(example = "Orders") @NotBlank @Name String nameDisplay,
            @Schema(example = "orders") @NotNull @Code String nameCode,

            @Schema(description = "an opaque id of yours, kept") @Nullable @Size(max = 120)
            String group,

            @Schema(description = "members beside yourself") @Nullable @ObjectId @Size(max = 1000)
            List<@NotNull String> userIds,

            @Schema(description = "of two users alone, and private") @Nullable
            Boolean isDirect,

            @Schema(description = "does not show to others than its members") @Nullable
            Boolean isPrivate,

            @Nullable @Valid Settings settings,
            @Nullable Boolean isActive) {

        NewChannel {
            group = ListQuery.presence(group);
            userIds = Objects.requireNonNullElse(userIds, List.of());
            isDirect = Objects.requireNonNullElse(isDirect, false);
            isPrivate = Objects.requireNonNullElse(isPrivate, isDirect);
            settings = Objects.requireNonNullElse(settings, Settings.ALL);
            isActive = Objects.requireNonNullElse(isActive, true);
        }

        @SuppressWarnings("NullAway") // the constructor leaves no default out
        ChannelService.Wanted wanted(@Nullable IdempotencyKey request) {
            return new ChannelService.Wanted(
                    nameCode,
                    isDirect,
                    new ChannelContent(nameDisplay, group, isActive, isPrivate, settings),
                    userIds,
                    request);
        }
    }

    record Channels(
            List<Channel> channels,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long count,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String nextCursor) {}

    private final ChannelService channels;
    private final ChannelAccess access;
    private final JsonMapper json;

    ChannelController(ChannelService channels, ChannelAccess access, JsonMapper json) {
        this.channels = channels;
        this.access = access;
        this.json = json;
    }

    @GetMapping
    @Needs(value = "messages-read", or = ChannelAccess.READ_ALL)
    @Operation(operationId = "listChannels", summary = "Lists the channels that the caller may know of")
    @SortsBy({"created", "modified", "name"})
    ResponseEntity<One<Channels>> list(
            Caller caller,
            @Valid @ParameterObject ListQuery query,
            @Valid @ParameterObject ChannelAccess.Filter filter) {
        Page<Channel> page = access.page(caller, query, filter);
        return page.answer(new Channels(page.items(), page.count(), page.nextCursor()));
    }

    @GetMapping("/{id}")
    @Needs(value = "messages-read", or = ChannelAccess.READ_ALL)
    @Operation(operationId = "getChannel", summary = "Gives a channel")
    ResponseEntity<One<Channel>> get(Caller caller, @PathVariable String id) {
        return One.ok(access.get(caller, id));
    }

    @PostMapping
    @Needs(value = "messages-write", or = ChannelAccess.ADMINISTER)
    @Refuses({Problem.CODE_TAKEN, Problem.KEY_REUSED})
    @Operation(operationId = "createChannel", summary = "Makes a channel, with the caller as its first member")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<One<Channel>> create(
            Caller caller,
            @Parameter(
                            description =
                                    "repeated with the same body it creates nothing twice; at most 128 printable characters")
                    @RequestHeader(name = IdempotencyKey.HEADER, required = false)
                    @Nullable
                    String key,
            @Valid @RequestBody NewChannel channel) {
        Created created = channels.create(caller, channel.wanted(IdempotencyKey.of(key, channel, json)));
        return created.isNew() ? One.created(created.channel()) : One.replayed(created.channel(), created.channel());
    }

    @PatchMapping("/{id}")
    @Needs(value = "messages-write", or = ChannelAccess.ADMINISTER)
    @Refuses({Problem.CONFLICT, Problem.STALE})
    @Operation(
            operationId = "editChannel",
            summary = "Edits a channel that the caller made, or any for who administers channels")
    ResponseEntity<One<Channel>> edit(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @RequestBody Patch<ChannelContent> patch) {
        return One.ok(channels.edit(caller, id, precondition, patch::onto));
    }

    @PutMapping("/{id}/users/{userId}")
    @Needs(value = "messages-write", or = ChannelAccess.ADMINISTER)
    @Refuses({Problem.DIRECT_CHANNEL, Problem.CONFLICT, Problem.STALE})
    @Operation(operationId = "addChannelMember", summary = "Makes a user a member; any member may bring others in")
    ResponseEntity<One<Channel>> addMember(
            Caller caller,
            @PathVariable String id,
            @PathVariable String userId,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition) {
        return One.ok(channels.addMember(caller, id, precondition, userId));
    }

    @DeleteMapping("/{id}/users/{userId}")
    @Needs(value = "messages-write", or = ChannelAccess.ADMINISTER)
    @Refuses({Problem.DIRECT_CHANNEL, Problem.CONFLICT, Problem.STALE})
    @Operation(operationId = "removeChannelMember", summary = "Takes a user out of a channel, or lets the caller leave")
    ResponseEntity<One<Channel>> removeMember(
            Caller caller,
            @PathVariable String id,
            @PathVariable String userId,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition) {
        return One.ok(channels.removeMember(caller, id, precondition, userId));
    }
}
