package dev.signet.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Node;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Nobody waits for who does not read. */
class SlowReaderTests {

    private static final int LARGE = 16_000;
    private static final int MESSAGES = 400;

    @Test
    void whoDoesNotReadIsCutOffWhileOthersHearAll() throws IOException {
        Room room = Room.open();
        Token reader = room.bot("messages-read");
        try (Socket idle = new Socket();
                Ear ear = room.listen(reader)) {
            idle.setReceiveBufferSize(4_096);
            idle.connect(new InetSocketAddress("localhost", Node.one().port()));
            idle.getOutputStream()
                    .write(Wire.get(room.stream()).bearer(reader.secret()).bytes(Node.one()));
            for (int i = 0; i < MESSAGES; i++) {
                room.post("x".repeat(LARGE));
            }
            ear.await(MESSAGES);

            await().atMost(Duration.ofSeconds(20)).until(() -> isCut(idle));
            room.post("still there");
            assertThat(ear.await(MESSAGES + 1).getLast().content()).isEqualTo("still there");
        }
    }

    /** Who closed a connection refuses what still comes. */
    private static boolean isCut(Socket socket) {
        try {
            socket.getOutputStream().write(' ');
            return false;
        } catch (IOException refused) {
            return true;
        }
    }
}
