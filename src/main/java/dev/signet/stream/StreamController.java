package dev.signet.stream;

import dev.signet.access.Caller;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.channel.ChannelAccess;
import dev.signet.message.Message;
import dev.signet.message.MessageFeed;
import dev.signet.platform.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
    @Operation(
            operationId = "streamMessages",
            summary = "Tells what happens in a channel, from now on or after the event that was last seen",
            description = "At most " + Streams.MOST_OF_ONE + " streams are open for one user on a node, and "
                    + Streams.MOST_OF_A_COMPANY + " for a company; beyond that, 429.")
    @ApiResponse(
            responseCode = "200",
            description =
                    "server-sent events: message, edit, remove and reaction, with the message as it is now; and reset,"
                            + " with {\"number\": the channel's current number}, when the events cannot go on from the last one seen",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = Message.class)))
    void listen(
            Caller caller,
            @PathVariable String id,
            @Parameter(
                            description =
                                    "the id of the last event that was seen: all after it comes, nothing twice; if the channel has"
                                            + " no such event, the first event is reset")
                    @RequestHeader(name = LAST_EVENT_ID, required = false)
                    @Nullable
                    String lastEventId,
            HttpMethod method,
            HttpServletResponse response)
            throws InterruptedException {
        channels.requireReadable(caller, id);
        Start start = Start.of(lastEventId, feed.head(id));
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        // a proxy that gathers answers would keep the events
        response.setHeader("X-Accel-Buffering", "no");
        if (method.equals(HttpMethod.HEAD)) {
            return;
        }
        try {
            streams.tell(caller, id, start, response.getOutputStream());
        } catch (IOException gone) {
            // whoever listened does not any more
        }
    }
}
