package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.platform.Shares;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nobody takes the connections or the memory of others: what is only promised, or not asked for, is not waited for. */
class GreedTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @Test
    void aFormThatNobodyAskedForIsNotRead() throws IOException {
        String form = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 2000000\r\n\r\n";
        String chunks = "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n1e8480\r\n";
        String fields = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\na=b&";
        String part =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n" + "x".repeat(10_000);
        for (String target : List.of(
                "POST /auth/local?debug=1",
                "POST /auth/refresh?debug=1",
                "GET /problems/not_found?debug=1",
                "POST /api/v2/avatars?debug=1",
                "GET /api/v2/users?debug=1",
                "GET /actuator/health?debug=1")) {
            for (String head : List.of(form, chunks, fields)) {
                try (Socket socket = Wire.open(Node.one())) {
                    socket.setSoTimeout(5_000);
                    write(socket, target + " HTTP/1.1\r\nHost: localhost\r\n" + head + part.substring(0, 4_000));
                    Answer answer = Answer.read(socket.getInputStream());
                    assertThat(answer.status()).as(target + " " + head).isLessThan(500);
                }
            }
        }
    }

    @Test
    void whereAllMemoryForBodiesIsTakenOthersMustComeAgain() {
        Bodies bodies = Node.one().bean(Bodies.class);
        bodies.reserve("another caller", Shares.bodies());
        try {
            dev.signet.Answer refused = COMPANY.api()
                    .post("/api/v2/accessroles", Map.of("name", "x"))
                    .expect(503, "overloaded");
            assertThat(refused.header("Retry-After")).isEqualTo("5");
            COMPANY.api().get("/api/v2/users/me").expect(200);
        } finally {
            bodies.release("another caller", Shares.bodies());
        }
        COMPANY.api().post("/api/v2/accessroles", Map.of("name", "x")).expect(400);
    }

    @Test
    void aCallerWhoHasTakenTheirShareMustComeAgainWhileOthersAreServed() {
        Bodies bodies = Node.one().bean(Bodies.class);
        String me = COMPANY.api().get("/api/v2/users/me").data("_id");
        bodies.reserve(me, Shares.bodies() / 8);
        try {
            COMPANY.api().post("/api/v2/accessroles", Map.of("name", "x")).expect(503, "overloaded");
            Tenant.create()
                    .api()
                    .post("/api/v2/accessroles", Map.of("name", "x"))
                    .expect(400);
        } finally {
            bodies.release(me, Shares.bodies() / 8);
        }
        COMPANY.api().post("/api/v2/accessroles", Map.of("name", "x")).expect(400);
    }

    @Test
    void callersWhoAreNotKnownYetSendLittle() {
        Answer answer = Wire.request("POST", "/auth/local")
                .json("{\"email\": \"" + "x".repeat(9_000) + "\"}")
                .to(Node.one());
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().path("detail").asString()).contains("8 KB");
    }

    @Test
    void connectionsThatOnlyWaitMakeRoomForNewOnes() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (Node small = Node.apart(List.of("server.tomcat.max-connections=40", "server.tomcat.accept-count=40"))) {
            for (int i = 0; i < 70; i++) {
                Socket socket = Wire.open(small);
                waiting.add(socket);
                switch (i % 3) {
                    case 0 ->
                        write(
                                socket,
                                "POST /auth/local HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n");
                    case 1 -> write(socket, "GET /api/v2/users/me HTTP/1.1\r\nHost: a\r\nX-Slow: ");
                    default -> {}
                }
            }
            for (int i = 0; i < 20; i++) {
                long began = System.nanoTime();
                assertThat(Wire.get("/api/v2/users/me")
                                .bearer(COMPANY.bearer())
                                .to(small)
                                .status())
                        .isEqualTo(200);
                // the first also waits for the rest of the crowd
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .as("request " + i)
                        .isLessThan(i == 0 ? AT_ONCE.multipliedBy(4) : AT_ONCE);
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
