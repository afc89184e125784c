package dev.signet.message;

import dev.signet.access.Caller;
import dev.signet.access.LargeAnswer;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.channel.ChannelAccess;
import dev.signet.message.MessageRows.Modified;
import dev.signet.message.MessageRows.Page;
import dev.signet.platform.ListQuery;
import dev.signet.platform.ObjectId;
import dev.signet.platform.One;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Times;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was said in a channel, for its members and for who may read all channels. */
@RestController
@Tag(name = "Messages")
class ReadingController {

    private static final String SIZE =
            "An answer has at most 1 MB: it may hold fewer messages, and Link: rel=\"next\" leads on.";

    private static final int USUAL = 50;
    private static final int MOST = 100;
    private static final int MOST_MODIFIED = 1000;

    /** What a page of messages can be asked. */
    record PageQuery(
            @Parameter(description = "the _id of a message: those right before it") @Nullable @ObjectId
            String before,

            @Parameter(description = "the _id of a message: those right after it") @Nullable @ObjectId
            String after,

            @Parameter(description = "how many; default 50; more than 100 counts as 100") @Nullable @Min(1)
            Integer limit) {

        PageQuery {
            before = ListQuery.presence(before);
            after = ListQuery.presence(after);
        }

        int size() {
            return limit == null ? USUAL : Math.min(limit, MOST);
        }

        /** Whether it goes on towards the newest message. */
        boolean forward() {
            return after != null;
        }
    }

    record Messages(List<Message> messages) {}

    private final MessageRows rows;
    private final ChannelAccess channels;

    ReadingController(MessageRows rows, ChannelAccess channels) {
        this.rows = rows;
        this.channels = channels;
    }

    @LargeAnswer
    @GetMapping("/api/v2/channels/{id}/messages")
    @Needs(value = "messages-read", or = ChannelAccess.READ_ALL)
    @Refuses({Problem.NOT_A_MEMBER, Problem.OVERLOADED})
    @Operation(
            operationId = "listMessages",
            summary = "Gives messages of a channel, the newest first",
            description = SIZE)
    @ApiResponse(responseCode = "200", useReturnTypeSchema = true, headers = @Header(name = "Link", ref = "Link"))
    ResponseEntity<One<Messages>> page(
            Caller caller, @PathVariable String id, @Valid @ParameterObject PageQuery query) {
        channels.requireReadable(caller, id);
        requireIn(id, "before", query.before());
        requireIn(id, "after", query.after());
        if (query.before() != null && query.after() != null) {
            throw ProblemException.invalid("after", "not_both", "before");
        }
        Page<Message> page = rows.page(id, query.before(), query.after(), query.size());
        One<Messages> body = new One<>(new Messages(page.items()));
        if (!page.more()) {
            return ResponseEntity.ok(body);
        }
        String last = query.forward()
                ? "after=" + page.items().getFirst().id()
                : "before=" + page.items().getLast().id();
        return next("/api/v2/channels/" + id + "/messages?" + last + "&limit=" + query.size())
                .body(body);
    }

    @LargeAnswer
    @GetMapping("/api/v1/messages/channel/{id}/modified/{iso}")
    @Needs(value = "messages-read", or = ChannelAccess.READ_ALL)
    @Refuses({Problem.NOT_A_MEMBER, Problem.OVERLOADED})
    @Operation(
            operationId = "listModifiedMessages",
            summary = "Gives what was made or changed in a channel on or after a time, the oldest first, at most 1000",
            description = SIZE)
    @ApiResponse(responseCode = "200", useReturnTypeSchema = true, headers = @Header(name = "Link", ref = "Link"))
    ResponseEntity<One<List<Message>>> modified(
            Caller caller,
            @PathVariable String id,
            @PathVariable Instant iso,
            @Parameter(description = "as the next link of the answer before has it")
                    @RequestParam(name = "after", defaultValue = "0")
                    long after) {
        channels.requireReadable(caller, id);
        Page<Modified> page = rows.modified(id, iso, after, MOST_MODIFIED);
        List<Message> messages = page.items().stream().map(Modified::message).toList();
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        if (page.more()) {
            Modified last = page.items().getLast();
            answer = next("/api/v1/messages/channel/" + id + "/modified/"
                    + Times.text(last.message().modifiedAt()) + "?after=" + last.changed());
        }
        // else Spring takes the end of the time for a file's, and names one
        return answer.header("Content-Disposition", "inline").body(new One<>(messages));
    }

    private void requireIn(String channel, String field, @Nullable String message) {
        if (message != null && !rows.isIn(channel, message)) {
            throw ProblemException.invalid(field, "unknown_id");
        }
    }

    /** 200 with where the list goes on (RFC 8288). */
    private static ResponseEntity.BodyBuilder next(String address) {
        return ResponseEntity.ok().header("Link", "<" + address + ">; rel=\"next\"");
    }
}
