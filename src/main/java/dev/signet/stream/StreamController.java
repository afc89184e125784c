package dev.signet.stream;

import dev.signet.access.Caller;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.channel.ChannelAccess;
import dev.signet.message.Message;
import dev.signet.message.MessageFeed;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Messages")
class StreamController {

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private final Streams streams;
    private final MessageFeed feed;
    private final ChannelAccess channels;

    StreamController(Streams streams, MessageFeed feed, ChannelAccess channels) {
        this.streams = streams;
        this.feed = feed;
        this.channels = channels;
    }

    @GetMapping(path = "/api/v2/channels/{id}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Needs(value = Guard.READ, or = ChannelAccess.READ_ALL)
    @Refuses({Problem.NOT_A_MEMBER, Problem.TOO_MANY_STREAMS})
    @Operation(summary = "Tells what happens in a channel, from now on or after the event that was last seen")
    @ApiResponse(
            responseCode = "200",
            description = "server-sent events: message, edit, remove and reaction, with the message as it is now",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = Message.class)))
    void listen(
            Caller caller,
            @PathVariable String id,
            @Parameter(description = "the id of the last event that was seen: all after it comes, nothing twice")
                    @RequestHeader(name = LAST_EVENT_ID, required = false)
                    @Nullable
                    String lastEventId,
            HttpMethod method,
            HttpServletResponse response)
            throws InterruptedException {
        channels.requireReadable(caller, id);
        long head = feed.heads(List.of(id)).getOrDefault(id, 0L);
        long after = lastEventId == null || lastEventId.isEmpty() ? head : number(lastEventId, head);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        // a proxy that gathers answers would keep the events
        response.setHeader("X-Accel-Buffering", "no");
        if (method.equals(HttpMethod.HEAD)) {
            return;
        }
        try {
            streams.tell(caller, id, after, response.getOutputStream());
        } catch (IOException gone) {
            // whoever listened does not any more
        }
    }

    private static long number(String lastEventId, long head) {
        long number = NUMBER.matcher(lastEventId).matches() ? Long.parseLong(lastEventId) : Long.MAX_VALUE;
        if (number > head) {
            throw ProblemException.invalid(LAST_EVENT_ID, "last_event_id");
        }
        return number;
    }
}
