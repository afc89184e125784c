package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.platform.Input;
import dev.signet.platform.Shares;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nobody takes the connections or the memory of others: what is only promised, or not asked for, is not waited for. */
class GreedTests {

    private static final int MOST_CONNECTIONS = 40;
    private static final int CROWD = 70;
    private static final Tenant COMPANY = Tenant.create();

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
        Bodies.Reservation all = bodies.reserve("another caller", null, Input.LARGEST_SIGN_IN, Shares.bodies());
        try {
            dev.signet.Answer refused = COMPANY.api()
                    .post("/api/v2/accessroles", Map.of("name", "x"))
                    .expect(503, "overloaded");
            assertThat(refused.header("Retry-After")).isEqualTo("5");
            COMPANY.api().get("/api/v2/users/me").expect(200);
        } finally {
            bodies.release(all);
        }
        COMPANY.api().post("/api/v2/accessroles", Map.of("name", "x")).expect(400);
    }

    @Test
    void aCallerWhoHasTakenTheirShareMustComeAgainWhileOthersAreServed() {
        Bodies bodies = Node.one().bean(Bodies.class);
        String me = COMPANY.api().get("/api/v2/users/me").data("_id");
        Bodies.Reservation share = bodies.reserve(me, COMPANY.id(), Input.LARGEST_JSON, Shares.bodies() / 8);
        try {
            COMPANY.api().post("/api/v2/accessroles", Map.of("name", "x")).expect(503, "overloaded");
            Tenant.create()
                    .api()
                    .post("/api/v2/accessroles", Map.of("name", "x"))
                    .expect(400);
        } finally {
            bodies.release(share);
        }
        COMPANY.api().post("/api/v2/accessroles", Map.of("name", "x")).expect(400);
    }

    @Test
    void whereUploadsTakeAllTheyMayOthersSignInAndSendJson() {
        Bodies bodies = Node.one().bean(Bodies.class);
        Bodies.Reservation uploads = bodies.reserve(
                "another caller", "another company", Input.LARGEST_PICTURE + Input.LARGEST_JSON, Shares.bodies() / 2);
        try {
            COMPANY.api().post("/api/v2/accessroles", Map.of("name", "x")).expect(400);
            assertThat(Wire.request("POST", "/auth/local")
                            .json("{\"email\": \"nobody@example.com\", \"password\": \"not the one\"}")
                            .to(Node.one())
                            .status())
                    .isEqualTo(401);
            Answer refused = Wire.request("POST", "/api/v2/avatars")
                    .bearer(COMPANY.bearer())
                    .body("multipart/form-data; boundary=b", "--b--")
                    .to(Node.one());
            assertThat(refused.status()).isEqualTo(503);
        } finally {
            bodies.release(uploads);
        }
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
        try (Node small = Node.apart(
                List.of("server.tomcat.max-connections=" + MOST_CONNECTIONS, "server.tomcat.accept-count=" + CROWD))) {
            for (int i = 0; i < CROWD; i++) {
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
                assertThat(Wire.get("/api/v2/users/me")
                                .bearer(COMPANY.bearer())
                                .to(small)
                                .status())
                        .isEqualTo(200);
            }
            // as many as may be connected, but for the last one served
            await().until(() -> closed(waiting).size() > CROWD - MOST_CONNECTIONS);
            // those that had been cut were not counted again: so many as do not crowd, less those that were served,
            // stay
            assertThat(closed(waiting)).hasSizeLessThan(CROWD - 5).contains(0, 1, 3, 4);
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    /** Which of them the service closed. What it says on leaving does not matter. */
    private static Set<Integer> closed(List<Socket> sockets) throws IOException {
        Set<Integer> closed = new HashSet<>();
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).setSoTimeout(20);
            try {
                sockets.get(i).getInputStream().readAllBytes();
                closed.add(i);
            } catch (SocketTimeoutException open) {
                // and nothing to read
            } catch (SocketException reset) {
                closed.add(i);
            }
        }
        return closed;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
