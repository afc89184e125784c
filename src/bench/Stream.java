import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the live stream costs: the delay from a post's answer to its arrival, on the node that it was posted at and on another
 * one; 5,000 messages of 16 writers, heard without a hole; and the memory of 1,000 open streams for a minute.
 *
 * <pre>SIGNET=http://localhost:8080 OTHER=http://localhost:8081 ADMIN=&lt;access token&gt; [PID=&lt;of the first&gt;] java src/bench/Stream.java</pre>
 *
 * Both nodes have one database and the same keys. Memory is read on Linux, of a process of the same user.
 */
public class Stream {

    private static final int POSTS = 400;
    private static final int MANY = 5_000;
    private static final int WRITERS = 16;
    private static final int STREAMS = 1_000;
    private static final int STREAMS_A_TOKEN = 100;

    private static final URI ONE = URI.create(System.getenv("SIGNET"));
    private static final URI OTHER = URI.create(System.getenv("OTHER"));
    private static final String ADMIN = System.getenv("ADMIN");
    private static final String PID = System.getenv("PID");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws Exception {
        String name = "bench_" + System.currentTimeMillis();
        String channel = id(post(ADMIN, "/api/v2/channels", "{'nameDisplay': 'Bench', 'nameCode': '" + name + "'}"));
        String role = id(post(
                ADMIN, "/api/v2/accessroles", "{'name': '" + name + "', 'permissions': ['messages-read', 'messages-write']}"));
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < STREAMS / STREAMS_A_TOKEN + 2; i++) {
            tokens.add(field("token", post(ADMIN, "/api/v2/apitokens", "{'name': 'Bench', 'code': '" + name + "_" + i
                    + "', 'userBotName': 'Bench', 'accessRoles': ['" + role + "'], 'channels': ['" + channel + "']}")));
        }
        String writer = tokens.removeLast();
        String reader = tokens.removeLast();

        try (Listening here = new Listening(ONE, reader, channel);
                Listening there = new Listening(OTHER, reader, channel)) {
            delays(writer, channel, here, there);
            many(writer, channel, here, there);
        }
        memory(tokens, channel);
    }

    private static void delays(String writer, String channel, Listening here, Listening there) throws Exception {
        List<Long> onOne = new ArrayList<>();
        List<Long> onOther = new ArrayList<>();
        for (int i = 0; i < POSTS; i++) {
            // at any moment of a node's rounds
            Thread.sleep(ThreadLocalRandom.current().nextInt(100));
            String id = id(say(writer, channel, "post " + i));
            long answered = System.nanoTime();
            onOne.add(here.arrival(id) - answered);
            onOther.add(there.arrival(id) - answered);
        }
        System.out.printf("delay from the answer to the arrival, %d posts, ms%n", POSTS);
        print("same node", onOne);
        print("other node", onOther);
    }

    private static void print(String where, List<Long> nanos) {
        Collections.sort(nanos);
        System.out.printf("%12s  p50 %6.1f  p99 %6.1f  max %6.1f%n", where, nanos.get(nanos.size() / 2) / 1e6,
                nanos.get(nanos.size() * 99 / 100) / 1e6, nanos.getLast() / 1e6);
    }

    private static void many(String writer, String channel, Listening here, Listening there) throws Exception {
        int before = here.count.get();
        AtomicInteger next = new AtomicInteger();
        long began = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                threads.submit(() -> {
                    while (next.getAndIncrement() < MANY) {
                        say(writer, channel, "one of many");
                    }
                    return null;
                });
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        while (here.count.get() < before + MANY || there.count.get() < before + MANY) {
            Thread.sleep(5);
        }
        System.out.printf("%d messages of %d writers in %.1f s, the last arrived %.1f s after; out of order or missing: %d, %d%n",
                MANY, WRITERS, seconds, (System.nanoTime() - began) / 1e9 - seconds, here.holes.get(), there.holes.get());
    }

    private static void memory(List<String> tokens, String channel) throws Exception {
        // those that were closed are noticed by then, and count no more: a company has 1,000 streams
        Thread.sleep(Duration.ofSeconds(31));
        long before = memory("before");
        List<Listening> open = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            open.add(new Listening(ONE, tokens.get(i / STREAMS_A_TOKEN), channel));
        }
        long began = System.nanoTime();
        long after = 0;
        for (int second = 0; second <= 60; second += 20) {
            Thread.sleep(Duration.ofNanos(Math.max(0, began + second * 1_000_000_000L - System.nanoTime())));
            say(tokens.getFirst(), channel, "to all");
            after = memory(open.size() + " streams, " + second + " s");
        }
        System.out.printf("%.1f KB of living heap a stream%n", (after - before) / 1024.0 / STREAMS);
        for (Listening stream : open) {
            stream.close();
        }
    }

    /** Prints what the service's process holds, and gives the bytes that live in its heap. */
    private static long memory(String when) throws Exception {
        if (PID == null) {
            return 0;
        }
        String histogram = new String(new ProcessBuilder("jcmd", PID, "GC.class_histogram").start().getInputStream().readAllBytes(),
                StandardCharsets.US_ASCII);
        Matcher total = Pattern.compile("Total +\\d+ +(\\d+)").matcher(histogram);
        long living = total.find() ? Long.parseLong(total.group(1)) : 0;
        String resident = Files.readAllLines(Path.of("/proc", PID, "status")).stream()
                .filter(line -> line.startsWith("VmRSS")).findFirst().orElse("").replaceAll("\\D", "");
        System.out.printf("%24s  living heap %6.1f MB  resident %5d MB%n", when, living / 1048576.0, Long.parseLong(resident) / 1024);
        return living;
    }

    private static String say(String bearer, String channel, String text) throws IOException, InterruptedException {
        return post(bearer, "/api/v1/messages",
                "{'channel': '" + channel + "', 'content': '" + text + "', 'contentType': 'text/plain'}");
    }

    private static String post(String bearer, String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(ONE.resolve(path))
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(json.replace('\'', '"')))
                .build();
        HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
        while (answer.statusCode() == 503) {
            Thread.sleep(1_000);
            answer = HTTP.send(request, BodyHandlers.ofString());
        }
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(path + ": " + answer.body());
        }
        return answer.body();
    }

    private static String id(String answer) {
        return field("_id", answer);
    }

    private static String field(String name, String json) {
        Matcher field = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        if (!field.find()) {
            throw new IllegalStateException(json);
        }
        return field.group(1);
    }

    /** A stream that is read as it comes, by a client that costs as little as can be. */
    private static final class Listening implements AutoCloseable {

        private final Socket socket;
        private final Map<String, Long> arrivals = new ConcurrentHashMap<>();
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicInteger holes = new AtomicInteger();
        private final AtomicLong last = new AtomicLong();

        Listening(URI node, String bearer, String channel) throws IOException {
            socket = new Socket(node.getHost(), node.getPort());
            socket.getOutputStream().write(("GET /api/v2/channels/" + channel + "/stream HTTP/1.0\r\nHost: localhost\r\n"
                    + "Authorization: Bearer " + bearer + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); !line.startsWith(":"); line = lines.readLine()) {
                if (line.startsWith("HTTP") && !line.contains("200")) {
                    throw new IOException(line);
                }
            }
            Thread.ofVirtual().start(() -> listen(lines));
        }

        long arrival(String message) throws InterruptedException {
            while (!arrivals.containsKey(message)) {
                Thread.sleep(Duration.ofNanos(200_000));
            }
            return arrivals.get(message);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        private void listen(BufferedReader lines) {
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id: ")) {
                        long number = Long.parseLong(line.substring(4));
                        long before = last.getAndSet(number);
                        if (before != 0 && number != before + 1) {
                            holes.incrementAndGet();
                        }
                    } else if (line.startsWith("data: ")) {
                        arrivals.put(id(line), System.nanoTime());
                        count.incrementAndGet();
                    }
                }
            } catch (IOException closed) {
                // by us
            }
        }
    }
}
