import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends GET requests at a steady rate, the bearer tokens of a file in turn, and counts the answers by status.
 *
 *   java src/bench/Load.java <url> <file of secrets> <requests a second> <seconds>
 */
class Load {

    private static final int IN_FLIGHT = 64;

    public static void main(String[] arguments) throws Exception {
        URI url = URI.create(arguments[0]);
        List<String> secrets = Files.readAllLines(Path.of(arguments[1]));
        long rate = Long.parseLong(arguments[2]);
        long all = rate * Long.parseLong(arguments[3]);
        Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        long began = System.nanoTime();
        try (HttpClient client = HttpClient.newHttpClient();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; i < all; i++) {
                long due = began + i * 1_000_000_000 / rate;
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                }
                String secret = secrets.get((int) (i % secrets.size()));
                inFlight.acquire();
                threads.submit(() -> {
                    try {
                        HttpRequest request = HttpRequest.newBuilder(url)
                                .header("Authorization", "Bearer " + secret)
                                .build();
                        int status = client.send(request, BodyHandlers.discarding()).statusCode();
                        answers.computeIfAbsent(status, ignored -> new LongAdder()).increment();
                        return null;
                    } finally {
                        inFlight.release();
                    }
                });
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("%d requests in %.1f s (%.0f/s): %s%n", all, seconds, all / seconds, new TreeMap<>(answers));
    }
}
