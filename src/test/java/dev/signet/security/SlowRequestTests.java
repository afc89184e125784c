package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Everything that a client sends has a deadline, wherever in the request it is slow. Here the deadlines are short. */
class SlowRequestTests {

    private static final Duration HEAD = Duration.ofSeconds(1);
    private static final Duration REQUEST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(8);
    private static final int DRIP_MILLIS = 250;

    /** For machines that are busy with other things. */
    private static final Duration AT_LAST = Duration.ofSeconds(10);

    private static final AtomicInteger FAILURES = new AtomicInteger(3);
    private static final Tenant COMPANY = Tenant.create();
    private static Node node;

    static class ShortPatience {

        /** Fails at first, in the task that watches over connections: it has to go on. */
        @Bean
        @Primary
        Patience shortPatience() {
            return new Patience(HEAD, REQUEST, LONGEST, () -> {
                if (FAILURES.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("in a test");
                }
                return System.nanoTime();
            });
        }
    }

    @BeforeAll
    static void start() {
        node = Node.apart(List.of(), ShortPatience.class);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            head               | GET /api/v2/users/me HTTP/1.1~Host: a~X-Slow:
            JSON               | POST /api/v2/accessroles HTTP/1.1~Host: a~TOKENContent-Type: application/json~Content-Length: 1000~~{
            sign-in            | POST /auth/local HTTP/1.1~Host: a~Content-Type: application/json~Content-Length: 1000~~{
            chunk              | POST /api/v2/accessroles HTTP/1.1~Host: a~TOKENContent-Type: application/json~Transfer-Encoding: chunked~~3e8~{
            trailer            | POST /auth/logout HTTP/1.1~Host: a~TOKENContent-Type: application/json~Transfer-Encoding: chunked~~0~X-Slow:
            unauthenticated    | POST /api/v2/accessroles HTTP/1.1~Host: a~Content-Type: application/json~Content-Length: 1000~~{
            unknown route      | POST /nowhere HTTP/1.1~Host: a~TOKENContent-Type: application/json~Content-Length: 1000~~{
            GET with a body    | GET /api/v2/users/me HTTP/1.1~Host: a~TOKENContent-Length: 1000~~{
            public page        | GET /problems/not_found HTTP/1.1~Host: a~Content-Length: 1000~~{
            form               | POST /api/v2/avatars HTTP/1.1~Host: a~TOKENContent-Type: multipart/form-data; boundary=b~Content-Length: 1000~~--b
            too large          | POST /api/v2/accessroles HTTP/1.1~Host: a~TOKENContent-Type: application/json~Content-Length: 5000000~~{
            """)
    void aClientThatSendsByteByByteIsCut(String kind, String bytes) throws IOException {
        try (Socket socket = Wire.open(node)) {
            write(
                    socket,
                    bytes.replace("TOKEN", "Authorization: Bearer " + COMPANY.bearer() + "~")
                            .replace("~", "\r\n"));
            long began = System.nanoTime();
            socket.setSoTimeout(DRIP_MILLIS);
            while (isOpen(socket)) {
                assertThat(Duration.ofNanos(System.nanoTime() - began)).as(kind).isLessThan(AT_LAST);
                write(socket, "x");
            }
        } catch (IOException cut) {
            // while we wrote
        }
    }

    @Test
    void aClientThatIsCutInTheBodyReadsWhy() throws IOException {
        try (Socket socket = Wire.open(node)) {
            write(
                    socket,
                    "POST /auth/local HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{");
            Answer answer = Answer.read(socket.getInputStream());
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.code()).isEqualTo("request_timeout");
        }
    }

    @Test
    void aBodyThatKeepsComingAtAPaceMayTakeLonger() throws Exception {
        String body = "{\"name\": \"" + " ".repeat(16_000) + "\"}";
        try (Socket socket = Wire.open(node)) {
            byte[] all = Wire.request("POST", "/api/v2/accessroles")
                    .bearer(COMPANY.bearer())
                    .json(body)
                    .bytes(node);
            long began = System.nanoTime();
            int pieces = 32;
            for (int i = 0; i < pieces; i++) {
                int from = all.length * i / pieces;
                socket.getOutputStream().write(all, from, all.length * (i + 1) / pieces - from);
                if (i < pieces - 1) {
                    pause(socket);
                }
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(REQUEST);
            assertThat(Answer.read(socket.getInputStream()).status()).isEqualTo(400);
        }
    }

    @Test
    void anUploadThatComesSteadilyIsCutAtLast() throws IOException {
        String piece = "x".repeat(8 * 1024);
        int pieces = 200;
        int sent = 0;
        try (Socket socket = Wire.open(node)) {
            write(
                    socket,
                    "POST /api/v2/avatars HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + COMPANY.bearer()
                            + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                            + pieces * piece.length() + "\r\n\r\n");
            socket.setSoTimeout(DRIP_MILLIS);
            while (sent < pieces && isOpen(socket)) {
                write(socket, piece);
                sent++;
            }
        } catch (IOException cut) {
            // while we wrote
        }
        // well after a request without a body would have been cut
        assertThat(sent).isBetween(2, pieces - 1);
    }

    @Test
    void aRequestThatArrivedMayTakeItsTime() throws IOException {
        try (Socket socket = Wire.open(node)) {
            String channel = COMPANY.api()
                    .get("/api/v2/channels")
                    .data()
                    .at("/channels/0/_id")
                    .asString();
            write(
                    socket,
                    "GET /api/v2/channels/" + channel + "/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                            + COMPANY.bearer() + "\r\n\r\n");
            long began = System.nanoTime();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            socket.setSoTimeout(DRIP_MILLIS);
            while (Duration.ofNanos(System.nanoTime() - began).compareTo(REQUEST.multipliedBy(2)) < 0) {
                try {
                    int next = socket.getInputStream().read();
                    assertThat(next).as("still open").isNotNegative();
                    read.write(next);
                } catch (SocketTimeoutException silent) {
                    // open, with nothing to tell
                }
            }
            assertThat(read.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200");
        }
    }

    /** Whether the connection is open after the time between two drips. Answers are read and ignored. */
    private static boolean isOpen(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // what it says on leaving does not matter
            }
            return false;
        } catch (SocketTimeoutException open) {
            return true;
        }
    }

    /** Waits as a slow line does, without a clock of our own: nothing is to come meanwhile. */
    private static void pause(Socket socket) throws IOException {
        socket.setSoTimeout(80);
        try {
            int early = socket.getInputStream().read();
            throw new AssertionError("answered before it was complete: " + early);
        } catch (SocketTimeoutException nothing) {
            socket.setSoTimeout((int) AT_LAST.toMillis());
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
