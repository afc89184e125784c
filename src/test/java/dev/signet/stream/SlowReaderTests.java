package dev.signet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Nobody waits for who reads slowly. */
class SlowReaderTests {

    /** The largest text, of which each character is written as two. */
    private static final String LARGE = "\"".repeat(16 * 1024);

    /** What waits may be a megabyte, and what both ends of a connection keep some more. */
    private static final int MESSAGES = 250;

    private static final int DRIP = 6_000;
    private static final Duration SILENCE = Duration.ofSeconds(8);

    private static final String LAST = "said last";
    private static final String END_OF_ANSWER = "\r\n0\r\n\r\n";

    @Test
    void whoReadsTooSlowlyIsCutOffWhileOthersHearAll() throws IOException {
        Room room = Room.open();
        Token reader = room.bot("messages-read");
        try (Socket slow = new Socket();
                Ear ear = room.listen(reader)) {
            slow.setReceiveBufferSize(4_096);
            slow.setSoTimeout((int) SILENCE.toMillis());
            slow.connect(new InetSocketAddress("localhost", Node.one().port()));
            slow.getOutputStream()
                    .write(Wire.get(room.stream()).bearer(reader.secret()).bytes(Node.one()));
            // it does read all the time, so that it is not the server's wait for a write that helps
            for (int i = 0; i < MESSAGES; i++) {
                room.post(LARGE);
                slow.getInputStream().readNBytes(DRIP);
            }
            room.post(LAST);
            assertThat(ear.await(MESSAGES + 1).getLast().content()).isEqualTo(LAST);

            assertThat(tail(slow.getInputStream())).endsWith(END_OF_ANSWER).doesNotContain(LAST);
        }
    }

    /** The last of what comes until the answer ends, or until the last message came. */
    private static String tail(InputStream in) throws IOException {
        String tail = "";
        byte[] some = new byte[8_192];
        while (!tail.endsWith(END_OF_ANSWER) && !tail.contains(LAST)) {
            int read = in.read(some);
            assertThat(read).as("the connection was cut, not the answer ended").isPositive();
            String text = tail + new String(some, 0, read, StandardCharsets.ISO_8859_1);
            tail = text.substring(Math.max(0, text.length() - 2 * some.length));
        }
        return tail;
    }
}
