import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an administrator's GET /api/v2/users/me takes during an attack on the service, and how soon afterwards it is as
 * usual again. Run by attacks.sh, which explains it. Starts the service again for each attack, because some attacks ended older versions.
 *
 * <pre>java src/bench/Attacks.java &lt;jar&gt; &lt;folder of more jars&gt; &lt;work folder&gt; [attack …]</pre>
 */
public class Attacks {

    private static final Duration ATTACK = Duration.ofSeconds(15);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(100);
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int USUAL_MILLIS = 250;
    private static final int USUAL_IN_A_ROW = 5;
    private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(30);

    private static final String EMAIL = "bench@example.com";
    private static final String PASSWORD = "seven blue mules at noon";
    private static final String LEET = "4@8({[<36&9#!1|/70$5+%2x".repeat(3).substring(0, 64);

    private static final int PORT = Integer.parseInt(System.getenv().getOrDefault("SERVER_PORT", "18080"));
    private static final URI SERVICE = URI.create("http://127.0.0.1:" + PORT);
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** An attack: runs until its time is over or it is interrupted. */
    private interface Attack {
        void run(long end) throws Exception;
    }

    private record Result(String attack, int probes, int failed, long median, long worst, double recovery, boolean alive, String seen) {}

    private static final List<Socket> OPEN = Collections.synchronizedList(new ArrayList<>());
    private static final Map<String, AtomicInteger> SEEN = new LinkedHashMap<>();

    private static String admin;

    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(arguments[2]);
        List<String> chosen = List.of(arguments).subList(3, arguments.length);
        List<Result> results = new ArrayList<>();
        System.out.printf("%-24s %7s %7s %10s %9s %11s  %s%n", "attack", "probes", "failed", "median_ms", "worst_ms", "usual_after", "");
        for (String name : List.of("none", "half-sent", "headers-only", "payloads", "never-read", "drips", "passwords", "streams")) {
            if (chosen.isEmpty() || chosen.contains(name)) {
                Result result = measure(name, arguments[0], arguments[1], work);
                results.add(result);
                System.out.printf("%-24s %7d %7d %10d %9d %10s  %s%n", result.attack, result.probes, result.failed, result.median,
                        result.worst, result.recovery < 0 ? "never" : "%.1f s".formatted(result.recovery),
                        (result.alive ? "" : "the process ended; ") + result.seen);
            }
        }
        Files.writeString(work.resolve("attacks.json"), json(results));
        System.out.println(json(results));
        System.exit(0);
    }

    private static Result measure(String name, String jar, String more, Path work) throws Exception {
        Process service = start(jar, more, work);
        try {
            admin = signIn(EMAIL, PASSWORD);
            for (int i = 0; i < 300; i++) {
                probe();
            }
            Attack attack = prepare(name);
            return attack(name, attack, service);
        } finally {
            service.destroy();
            if (!service.waitFor(30, TimeUnit.SECONDS)) {
                service.destroyForcibly().waitFor();
            }
        }
    }

    private static Result attack(String name, Attack attack, Process service) throws Exception {
        SEEN.clear();
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        List<Future<?>> probes = new ArrayList<>();
        double recovery;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            long end = System.nanoTime() + ATTACK.toNanos();
            Future<?> attacking = threads.submit(() -> {
                attack.run(end);
                return null;
            });
            while (System.nanoTime() < end && !(attacking.isDone() && !name.equals("none") && probes.size() > 50)) {
                probes.add(threads.submit(() -> times.add(probe())));
                Thread.sleep(BETWEEN_PROBES);
            }
            attacking.cancel(true);
            OPEN.forEach(Attacks::close);
            OPEN.clear();
            recovery = recovery();
            for (Future<?> probe : probes) {
                probe.get();
            }
        } finally {
            threads.shutdownNow();
        }
        List<Long> answered = times.stream().filter(time -> time >= 0).sorted().toList();
        return new Result(name, times.size(), times.size() - answered.size(),
                answered.isEmpty() ? -1 : answered.get(answered.size() / 2), answered.isEmpty() ? -1 : answered.getLast(),
                recovery, service.isAlive(), SEEN.toString());
    }

    /** Seconds until five answers in a row are as usual, or -1. */
    private static double recovery() throws InterruptedException {
        long began = System.nanoTime();
        long first = began;
        int row = 0;
        while (row < USUAL_IN_A_ROW) {
            if (System.nanoTime() - began > LONGEST_RECOVERY.toNanos()) {
                return -1;
            }
            long asked = System.nanoTime();
            long time = probe();
            if (time >= 0 && time <= USUAL_MILLIS) {
                first = row++ == 0 ? asked : first;
            } else {
                row = 0;
            }
            Thread.sleep(50);
        }
        return (first - began) / 1e9;
    }

    /** Milliseconds of an administrator's request on a connection of its own, or -1 where it failed. */
    private static long probe() {
        long began = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress("127.0.0.1", PORT), PATIENCE_MILLIS);
            write(socket, "GET /api/v2/users/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + admin + "\r\n\r\n");
            byte[] answer = socket.getInputStream().readAllBytes();
            boolean good = new String(answer, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200");
            if (!good) {
                saw("probe: " + new String(answer, StandardCharsets.US_ASCII).lines().findFirst().orElse("cut"));
            }
            return good ? Duration.ofNanos(System.nanoTime() - began).toMillis() : -1;
        } catch (IOException failed) {
            saw("probe: " + failed.getMessage());
            return -1;
        }
    }

    private static Attack prepare(String name) throws Exception {
        return switch (name) {
            case "none" -> end -> {};
            case "half-sent" -> Attacks::halfSent;
            case "headers-only" -> Attacks::headersOnly;
            case "payloads" -> payloads(new Bot());
            case "never-read" -> neverRead(new Bot());
            case "drips" -> Attacks::drips;
            case "passwords" -> passwords(person());
            case "streams" -> streams(person());
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** 350 pictures that nobody asked for, of which all but the last part is sent. */
    private static void halfSent(long end) throws Exception {
        String[] targets = {"POST /auth/local?debug=1", "POST /auth/refresh?debug=1", "GET /problems/x?debug=1"};
        byte[] part = ("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n" + "x".repeat(1_900_000))
                .getBytes(StandardCharsets.US_ASCII);
        all(350, i -> {
            boolean chunked = i % 4 == 3;
            Socket socket = open(targets[i % 3], "Content-Type: multipart/form-data; boundary=b\r\n"
                    + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: 2000000"));
            if (chunked) {
                write(socket, Integer.toHexString(2_000_000) + "\r\n");
            }
            socket.getOutputStream().write(part);
            Thread.sleep(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        });
    }

    /** 3,900 callers who promise a body, and come again when they are sent away. */
    private static void headersOnly(long end) throws Exception {
        Semaphore connecting = new Semaphore(64);
        all(3_900, i -> {
            while (System.nanoTime() < end) {
                connecting.acquire();
                Socket socket;
                try {
                    socket = open("POST /auth/local", "Content-Type: application/json\r\nContent-Length: 100");
                } finally {
                    connecting.release();
                }
                awaitEnd(socket);
                Thread.sleep(5_000);
            }
        });
    }

    /** Messages with payloads that are small as text and large as trees, then lists of them. */
    private static Attack payloads(Bot bot) {
        String payload = "[" + "{},".repeat(21_000) + "{}]";
        String large = "{\"channel\":\"" + bot.channel + "\",\"contentType\":\"text/enriched\",\"content\":\"x\",\"contentParts\":"
                + "[{\"type\":\"task\",\"content\":\"x\",\"payload\":" + payload + "}]}";
        return end -> {
            all(16, i -> {
                for (int n = 0; n < 25 && System.nanoTime() < end; n++) {
                    saw("post " + send("POST", bot.secret, "/api/v1/messages", large).statusCode());
                }
            });
            for (int n = 0; n < 2 && System.nanoTime() < end; n++) {
                all(2, i -> saw("list " + send("GET", bot.secret, bot.list(), null).statusCode()));
            }
        };
    }

    /** 40 readers of sixteen megabytes, who do not read. */
    private static Attack neverRead(Bot bot) throws Exception {
        String message = "{\"channel\":\"" + bot.channel + "\",\"contentType\":\"text/plain\",\"content\":\"" + "x".repeat(16_000) + "\"}";
        all(8, i -> {
            for (int n = 0; n < 125; n++) {
                send("POST", bot.secret, "/api/v1/messages", message);
            }
        });
        return end -> all(40, i -> {
            while (System.nanoTime() < end) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(4_096);
                OPEN.add(socket);
                socket.connect(new InetSocketAddress("127.0.0.1", PORT), PATIENCE_MILLIS);
                write(socket, "GET " + bot.list() + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + bot.secret + "\r\n\r\n");
                Thread.sleep(12_000);
                socket.close();
            }
        });
    }

    /** A byte every four seconds, in each place where a client can keep the service waiting. */
    private static void drips(long end) throws Exception {
        String token = "Authorization: Bearer " + admin + "\r\n";
        String json = "Content-Type: application/json\r\nContent-Length: 1000";
        String chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked";
        String form = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000";
        String[][] kinds = {
            {"json", "POST /api/v2/accessroles", token + json, "{"},
            {"chunked", "POST /api/v2/accessroles", token + chunked, "3e8\r\n{"},
            {"trailers", "POST /auth/logout", token + chunked, "0\r\nX-Trailer: "},
            {"refused", "POST /api/v2/accessroles", json, "{"},
            {"get", "GET /api/v2/users/me", token + json, "{"},
            {"form", "POST /api/v2/avatars", token + form, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"},
            {"sign-in", "POST /auth/local", json, "{"},
        };
        all(kinds.length * 60, i -> {
            String[] kind = kinds[i % kinds.length];
            Socket socket = open(kind[1], kind[2]);
            write(socket, kind[3]);
            while (System.nanoTime() < end) {
                Thread.sleep(4_000);
                write(socket, "x");
            }
        });
    }

    /** One person who changes a password that is hard to measure to itself, 24 times at once. */
    private static Attack passwords(String[] person) throws Exception {
        String bearer = signIn(person[0], person[1]);
        send("PUT", bearer, "/api/v2/users/me/password", "{\"current\":\"" + person[1] + "\",\"next\":\"" + LEET + "\"}");
        String again = "{\"current\":\"" + LEET + "\",\"next\":\"" + LEET + "\"}";
        return end -> all(24, i -> {
            do {
                saw("change " + send("PUT", bearer, "/api/v2/users/me/password", again).statusCode());
                Thread.sleep(500);
            } while (System.nanoTime() < end);
        });
    }

    /** One person who signs in ten times and opens a hundred streams each time, while another one wants one. */
    private static Attack streams(String[] person) throws Exception {
        Bot other = new Bot();
        List<String> bearers = new ArrayList<>();
        String bearer = signIn(person[0], person[1]);
        send("PUT", bearer, "/api/v2/users/me/password", "{\"current\":\"" + person[1] + "\",\"next\":\"" + PASSWORD + "\"}");
        String user = field("_id", send("GET", bearer, "/api/v2/users/me", null).body());
        send("PUT", admin, "/api/v2/channels/" + other.channel + "/users/" + user, null);
        for (int i = 0; i < 10; i++) {
            bearers.add(signIn(person[0], PASSWORD));
        }
        String stream = "/api/v2/channels/" + other.channel + "/stream";
        return end -> {
            all(1_000, i -> saw("theirs " + status(open("GET " + stream, "Authorization: Bearer " + bearers.get(i % 10)))));
            for (int i = 0; i < 5; i++) {
                saw("another's " + status(open("GET " + stream, "Authorization: Bearer " + other.secret)));
            }
            Thread.sleep(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        };
    }

    /** A bot that reads and writes in a channel of its own. */
    private static final class Bot {

        private final String channel;
        private final String secret;

        Bot() throws Exception {
            String name = "bench_" + System.nanoTime();
            channel = field("_id", send("POST", admin, "/api/v2/channels", "{\"nameDisplay\":\"Bench\",\"nameCode\":\"" + name + "\"}").body());
            String role = field("_id", send("POST", admin, "/api/v2/accessroles",
                    "{\"name\":\"" + name + "\",\"permissions\":[\"messages-read\",\"messages-write\"]}").body());
            secret = field("token", send("POST", admin, "/api/v2/apitokens", "{\"name\":\"Bench\",\"code\":\"" + name
                    + "\",\"userBotName\":\"Bench\",\"accessRoles\":[\"" + role + "\"],\"channels\":[\"" + channel + "\"]}").body());
        }

        String list() {
            return "/api/v1/messages/channel/" + channel + "/modified/2020-01-01T00:00:00.000Z";
        }
    }

    /** A new person's e-mail and generated password. */
    private static String[] person() throws Exception {
        String name = "bench" + System.nanoTime();
        String role = field("_id", send("POST", admin, "/api/v2/accessroles",
                "{\"name\":\"" + name + "\",\"permissions\":[\"messages-read\",\"messages-write\"]}").body());
        String email = name + "@example.com";
        String id = field("_id", send("POST", admin, "/api/v2/users", "{\"email\":\"" + email
                + "\",\"name\":{\"names\":\"Bench\",\"lastName\":\"Person\"},\"accessRoles\":[\"" + role + "\"]}").body());
        return new String[] {email, field("password", send("POST", admin, "/api/v2/users/" + id + "/password", null).body())};
    }

    private interface Each {
        void run(int number) throws Exception;
    }

    /** Runs that many at once, each until it ends or fails. */
    private static void all(int many, Each each) throws InterruptedException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    try {
                        each.run(number);
                    } catch (IOException cut) {
                        saw("cut");
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                try {
                    one.get();
                } catch (java.util.concurrent.ExecutionException failed) {
                    saw(String.valueOf(failed.getCause()));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void saw(String what) {
        synchronized (SEEN) {
            SEEN.computeIfAbsent(what, first -> new AtomicInteger()).incrementAndGet();
        }
    }

    private static Socket open(String target, String headers) throws IOException {
        Socket socket = new Socket();
        OPEN.add(socket);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress("127.0.0.1", PORT), PATIENCE_MILLIS);
        write(socket, target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n");
        return socket;
    }

    private static void awaitEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            while (in.read() >= 0) {
                // until it is closed
            }
        } catch (IOException closed) {
            // as good
        } finally {
            socket.close();
        }
    }

    private static String status(Socket socket) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = socket.getInputStream().read(); next >= 0 && next != '\r'; next = socket.getInputStream().read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII).replaceAll("HTTP/1.1 (\\d+).*", "$1");
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // already
        }
    }

    private static String signIn(String email, String password) throws Exception {
        return field("token", send("POST", null, "/auth/local", "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}").body());
    }

    private static HttpResponse<String> send(String method, String bearer, String path, String json) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(SERVICE.resolve(path)).timeout(Duration.ofSeconds(30));
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        return HTTP.send(request.method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json)).build(), BodyHandlers.ofString());
    }

    private static String field(String name, String json) {
        Matcher field = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        if (!field.find()) {
            throw new IllegalStateException(json);
        }
        return field.group(1);
    }

    private static Process start(String jar, String more, Path work) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(System.getenv().getOrDefault("JVM", "-Xmx512m -XX:+ExitOnOutOfMemoryError").split(" ")));
        command.addAll(List.of("-Dloader.path=" + more, "-cp", jar, "org.springframework.boot.loader.launch.PropertiesLauncher"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("service.log").toFile()));
        builder.environment().keySet().removeIf(name -> name.matches("(SIGNET|SPRING)_.*"));
        builder.environment().putAll(Map.of("SERVER_PORT", Integer.toString(PORT), "SERVER_ADDRESS", "127.0.0.1",
                "SIGNET_DATA_DIR", work.resolve("data").toString(), "SIGNET_ADMIN_EMAIL", EMAIL, "SIGNET_ADMIN_PASSWORD", PASSWORD));
        Process service = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(service::destroy));
        for (int i = 0; i < 600 && service.isAlive(); i++) {
            try {
                if (send("GET", null, "/actuator/health/readiness", null).statusCode() == 200) {
                    return service;
                }
            } catch (IOException starting) {
                // not yet
            }
            Thread.sleep(200);
        }
        throw new IllegalStateException("the service did not start; see " + work.resolve("service.log"));
    }

    private static String json(List<Result> results) {
        List<String> lines = new ArrayList<>();
        for (Result r : results) {
            lines.add("{\"attack\":\"%s\",\"probes\":%d,\"failed\":%d,\"medianMillis\":%d,\"worstMillis\":%d,\"usualAfterSeconds\":%s,\"alive\":%s}"
                    .formatted(r.attack, r.probes, r.failed, r.median, r.worst, r.recovery < 0 ? "null" : "%.1f".formatted(r.recovery), r.alive));
        }
        return "[" + String.join(",\n ", lines) + "]";
    }
}
