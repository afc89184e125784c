package dev.signet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who listens to a channel. When it is there, the stream is open: it has read the first comment. */
final class Ear implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration POLL = Duration.ofMillis(5);

    /** An event, and when it came. */
    record Heard(long id, String event, JsonNode data, long nanos) {

        String content() {
            return data.path("content").asString();
        }
    }

    private final InputStream stream;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger comments = new AtomicInteger();
    private final CompletableFuture<Long> ended = new CompletableFuture<>();

    private Ear(InputStream stream) {
        this.stream = stream;
    }

    /** Listens from now on. */
    static Ear at(Node node, String bearer, Room room) {
        return at(node, bearer, room, null);
    }

    /** Listens to what comes after that event. */
    static Ear at(Node node, String bearer, Room room, @Nullable Object lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + room.stream()))
                .header("Authorization", "Bearer " + bearer)
                .header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId.toString());
        }
        try {
            HttpResponse<InputStream> response = HTTP.send(request.build(), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            assertThat(response.headers().firstValue("Cache-Control").orElse(""))
                    .contains("no-store");
            Ear ear = new Ear(response.body());
            Thread.ofVirtual().start(ear::listen);
            Awaitility.await().pollInterval(POLL).until(() -> ear.comments() == 1);
            return ear;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Heard> heard() {
        return heard;
    }

    List<Long> ids() {
        return heard.stream().map(Heard::id).toList();
    }

    int comments() {
        return comments.get();
    }

    /** The number of the last event that was heard; before the first one, that other number. */
    long last(long before) {
        return heard.isEmpty() ? before : heard.getLast().id();
    }

    /** Returns when that many events have come. */
    List<Heard> await(int count) {
        Awaitility.await()
                .pollInterval(POLL)
                .untilAsserted(() -> assertThat(heard)
                        .as("%d comments, open: %s", comments.get(), isOpen())
                        .hasSizeGreaterThanOrEqualTo(count));
        return heard;
    }

    /** Returns when the stream ends, with the time at which it did. */
    long awaitEnd() {
        try {
            return ended.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the stream goes on", e);
        }
    }

    boolean isOpen() {
        return !ended.isDone();
    }

    @Override
    public void close() {
        cut();
    }

    /** Cuts the connection. What came until now is all that was heard. */
    void cut() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitEnd();
    }

    private void listen() {
        long id = 0;
        String event = "";
        String data = "";
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    comments.incrementAndGet();
                } else if (line.startsWith("id: ")) {
                    id = Long.parseLong(line.substring("id: ".length()));
                } else if (line.startsWith("event: ")) {
                    event = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    data = line.substring("data: ".length());
                } else if (line.isEmpty() && !data.isEmpty()) {
                    heard.add(new Heard(id, event, JSON.readTree(data), System.nanoTime()));
                    data = "";
                }
            }
        } catch (IOException cut) {
            // by us, or by the service
        } finally {
            ended.complete(System.nanoTime());
        }
    }
}
