package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies are bounded in size and depth, and nobody keeps a connection by being slow. */
class LimitsTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final long HUNDRED_MEGABYTES = 100L * 1024 * 1024;
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration AT_LAST = Duration.ofSeconds(20);

    @Test
    void aHugeBodyIsRefusedBeforeItIsSent() throws IOException {
        for (String target : List.of("POST /auth/local", "POST /api/v2/apitokens", "PUT /api/v2/users/me/password")) {
            for (String type : List.of("application/json", "application/x-www-form-urlencoded", "text/plain")) {
                long began = System.nanoTime();
                try (Socket socket = head(target, type, "Content-Length: " + HUNDRED_MEGABYTES)) {
                    Answer answer = Answer.read(socket.getInputStream());
                    assertThat(answer.status()).as(target + " " + type).isEqualTo(413);
                    assertThat(answer.code()).isEqualTo("too_large");
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
            }
        }
    }

    @Test
    void aHugeBodyWithoutALengthIsNotReadToItsEnd() throws IOException {
        for (String target : List.of("POST /auth/local", "PUT /api/v2/users/me/password")) {
            for (String type : List.of("application/json", "application/x-www-form-urlencoded")) {
                try (Socket socket = head(target, type, "Transfer-Encoding: chunked")) {
                    assertThat(sendUntilCut(socket)).as(target + " " + type).isLessThan(HUNDRED_MEGABYTES / 4);
                }
            }
        }
    }

    @Test
    void aBodyOfMoreThan64KilobytesIsRefusedEvenInChunks() throws IOException {
        String pattern = "{\"%s\": \"" + "x".repeat(70 * 1024) + "\"}";
        for (String target : List.of("POST /auth/local", "POST /api/v2/apitokens", "PATCH /api/v2/apitokens/x")) {
            String body = pattern.formatted(target.contains("local") ? "email" : "name");
            try (Socket socket = head(target, "application/json", "Transfer-Encoding: chunked")) {
                write(socket, Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
                Answer answer = Answer.read(socket.getInputStream());
                assertThat(answer.status()).as(target).isEqualTo(413);
                assertThat(answer.code()).isEqualTo("too_large");
            }
        }
    }

    @Test
    void jsonThatIsTooDeepIsRefused() throws IOException {
        for (int depth : List.of(33, 1_000, 30_000)) {
            for (String target : List.of("POST /api/v2/apitokens", "PATCH /api/v2/apitokens/x")) {
                String[] call = target.split(" ", 2);
                Answer answer = Wire.request(call[0], call[1])
                        .bearer(COMPANY.bearer())
                        .json("{\"name\":".repeat(depth / 10) + "[".repeat(depth))
                        .to(Node.one());
                assertThat(answer.status()).as(target + " " + depth).isIn(400, 413);
            }
        }
        try (Socket socket = head("POST /api/v2/apitokens", "application/json", "Transfer-Encoding: chunked")) {
            write(socket, Integer.toHexString(60_000) + "\r\n" + "[".repeat(60_000) + "\r\n0\r\n\r\n");
            Answer answer = Answer.read(socket.getInputStream());
            assertThat(answer.status()).isEqualTo(400);
        }
    }

    @Test
    void whoSendsHeadersSlowlyIsCutWhileOthersAreServed() throws IOException {
        List<Socket> slow = new ArrayList<>();
        long began = System.nanoTime();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = Wire.open(Node.one());
                write(socket, "GET /api/v2/users/me HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
                slow.add(socket);
            }
            Socket dripping = slow.getFirst();
            dripping.setSoTimeout(500);
            boolean open = true;
            while (open && since(began).compareTo(AT_LAST) < 0) {
                open = drip(dripping);
                assertThat(Wire.get("/api/v2/users/me")
                                .bearer(COMPANY.bearer())
                                .to(Node.one())
                                .status())
                        .isEqualTo(200);
            }
            assertThat(open).as("still open").isFalse();
            for (Socket silent : slow.subList(1, slow.size())) {
                silent.setSoTimeout(
                        (int) Math.max(1, AT_LAST.minus(since(began)).toMillis()));
                assertThat(ended(silent)).isTrue();
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Sends one more character, and tells whether the connection was still there half a second later. */
    private static boolean drip(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return !ended(socket);
        } catch (IOException cut) {
            return false;
        }
    }

    /** Whether the other side ends the connection, with an answer or without, while we are patient. */
    private static boolean ended(Socket socket) {
        try {
            while (socket.getInputStream().read() >= 0) {
                // what it says on leaving does not matter
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    private static Socket head(String target, String type, String length) throws IOException {
        Socket socket = Wire.open(Node.one());
        write(
                socket,
                target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + COMPANY.bearer()
                        + "\r\nContent-Type: " + type + "\r\n" + length + "\r\n\r\n");
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How many bytes the service took before it ended the connection. */
    private static long sendUntilCut(Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        try {
            while (sent < HUNDRED_MEGABYTES) {
                out.write(chunk);
                sent += chunk.length;
            }
        } catch (SocketException cut) {
            // as it should be
        }
        return sent;
    }
}
