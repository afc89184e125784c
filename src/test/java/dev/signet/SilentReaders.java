package dev.signet;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many connections that ask for an address and never read the answer. */
public final class SilentReaders implements AutoCloseable {

    private static final int COUNT = 40;

    private final String address;
    private final List<Socket> sockets = new ArrayList<>();

    private SilentReaders(String address) {
        this.address = address;
    }

    public static SilentReaders of(String bearer, String address) throws IOException {
        SilentReaders silent = new SilentReaders(address);
        String request = new String(Wire.get(address).bearer(bearer).bytes(Node.one()), StandardCharsets.US_ASCII)
                .replace("Connection: close\r\n", "");
        for (int i = 0; i < COUNT; i++) {
            Socket socket = new Socket();
            silent.sockets.add(socket);
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress("localhost", Node.one().port()));
            // the system keeps the first answers for the reader; one of the next has to wait
            socket.getOutputStream().write(request.repeat(8).getBytes(StandardCharsets.US_ASCII));
        }
        return silent;
    }

    /** Asks for the same address until that is refused. */
    public Answer awaitRefusal(Api api) {
        return await().until(() -> api.get(address), answer -> answer.status() == 503);
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
