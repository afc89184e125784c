package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Node;
import dev.signet.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A response that its client does not read has a deadline, and makes room. Tomcat's own time-out is too long to matter here. */
class SlowResponseTests {

    private static final int MOST_CONNECTIONS = 40;
    private static final int READERS = 60;
    private static final Duration AT_LAST = Duration.ofSeconds(25);

    /** How much later it is than it is. */
    private static final AtomicLong AHEAD = new AtomicLong();

    private static Node node;

    static class SmallBuffers {

        @Bean
        @Primary
        Patience movedPatience() {
            return Patience.standard(() -> System.nanoTime() + AHEAD.get());
        }

        /** What the system keeps of a response would otherwise be more than the response. */
        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> smallBuffers() {
            return tomcat ->
                    tomcat.addConnectorCustomizers(connector -> connector.setProperty("socket.txBufSize", "8192"));
        }
    }

    @BeforeAll
    static void start() {
        node = Node.apart(
                List.of(
                        "server.tomcat.max-connections=" + MOST_CONNECTIONS,
                        "server.tomcat.accept-count=100",
                        "server.tomcat.connection-timeout=60s"),
                SmallBuffers.class);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aClientThatReadsTooSlowlyIsCut() throws IOException {
        try (Socket slow = ask()) {
            assertThat(slow.getInputStream().read()).isEqualTo('H');
            AHEAD.set(Duration.ofHours(1).toNanos());
            await().atMost(AT_LAST).until(() -> isReset(slow));
        } finally {
            AHEAD.set(0);
        }
    }

    @Test
    void clientsThatDoNotReadMakeRoomForNewOnes() throws IOException {
        List<Socket> readers = new ArrayList<>();
        try {
            for (int i = 0; i < READERS; i++) {
                readers.add(ask());
            }
            for (int i = 0; i < 20; i++) {
                assertThat(Wire.get("/problems/not_found").to(node).status()).isEqualTo(200);
            }
            await().atMost(AT_LAST)
                    .until(() ->
                            readers.stream().filter(SlowResponseTests::isReset).count() > READERS - MOST_CONNECTIONS);
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
        }
    }

    /** Asks for much, with room for little of it. */
    private static Socket ask() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout((int) AT_LAST.toMillis());
        socket.connect(new InetSocketAddress("localhost", node.port()));
        socket.getOutputStream()
                .write("GET /v3/api-docs HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Only a client that writes is told, before it has read what it got so far. */
    private static boolean isReset(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
