package dev.signet;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request written byte by byte: it can be what no client would send, and its answer is seen as it came. */
public final class Wire {

    private static final int PATIENCE_MILLIS = 30_000;

    private final String method;
    private final String target;
    private final StringBuilder head = new StringBuilder();
    private byte[] body = new byte[0];

    private Wire(String method, String target) {
        this.method = method;
        this.target = target;
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    }

    public static Wire get(String target) {
        return request("GET", target);
    }

    public static Wire request(String method, String target) {
        return new Wire(method, target);
    }

    public Wire header(String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    public Wire bearer(@Nullable String token) {
        return token == null ? this : header("Authorization", "Bearer " + token);
    }

    public Wire json(String text) {
        return body("application/json", text);
    }

    public Wire body(String type, String text) {
        body = text.getBytes(StandardCharsets.UTF_8);
        return header("Content-Type", type).header("Content-Length", Integer.toString(body.length));
    }

    /** Sends that text behind the head, however the head announces it. */
    public Wire text(String text) {
        body = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** Sends it and reads the one answer. */
    public Answer to(Node node) {
        try (Socket socket = open(node)) {
            socket.getOutputStream().write(bytes(node));
            Answer answer = Answer.read(socket.getInputStream());
            Contract.check(method, target.split("[?#]", 2)[0], answer.status, answer.httpHeaders(), answer.body);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of it, for who sends it in pieces. */
    public byte[] bytes(Node node) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes((head + "Host: localhost:" + node.port() + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    /** A connection on which nothing has been said yet. */
    public static Socket open(Node node) throws IOException {
        Socket socket = new Socket("localhost", node.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    public record Header(String name, String value) {}

    public record Answer(int status, List<Header> headers, String body) {

        private static final JsonMapper JSON = JsonMapper.shared();
        private static final Pattern OF_THE_REQUEST = Pattern.compile("\"(traceId|instance)\":\"[^\"]*\"");

        public static Answer read(InputStream stream) throws IOException {
            BufferedInputStream in = new BufferedInputStream(stream);
            String statusLine = line(in);
            int status = Integer.parseInt(statusLine.split(" ", -1)[1]);
            List<Header> headers = new ArrayList<>();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.add(new Header(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
            Answer head = new Answer(status, List.copyOf(headers), "");
            return new Answer(status, head.headers, new String(head.content(in), StandardCharsets.UTF_8));
        }

        /** The header's only value, or null where there is none. */
        public @Nullable String header(String name) {
            List<String> values = headers.stream()
                    .filter(header -> header.name.equalsIgnoreCase(name))
                    .map(Header::value)
                    .toList();
            if (values.size() > 1) {
                throw new AssertionError(name + " came more than once: " + values);
            }
            return values.isEmpty() ? null : values.getFirst();
        }

        HttpHeaders httpHeaders() {
            HttpHeaders all = new HttpHeaders();
            headers.forEach(header -> all.add(header.name, header.value));
            return all;
        }

        public JsonNode json() {
            return JSON.readTree(body);
        }

        /** The stable word of a problem. */
        public String code() {
            return json().path("code").asString("");
        }

        /** The answer without what differs from request to request: its date, its address and its trace id. */
        public String comparable() {
            return status
                    + headers.stream()
                            .filter(header -> !header.name.equals("Date"))
                            .map(header -> "\n" + header.name + ": " + header.value)
                            .collect(Collectors.joining())
                    + "\n\n" + OF_THE_REQUEST.matcher(body).replaceAll("");
        }

        private byte[] content(InputStream in) throws IOException {
            String length = header("Content-Length");
            if (length != null) {
                return in.readNBytes(Integer.parseInt(length));
            }
            return header("Transfer-Encoding") == null ? new byte[0] : chunks(in);
        }

        private static byte[] chunks(InputStream in) throws IOException {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            int size = Integer.parseInt(line(in), 16);
            while (size > 0) {
                content.writeBytes(in.readNBytes(size));
                line(in);
                size = Integer.parseInt(line(in), 16);
            }
            return content.toByteArray();
        }

        private static String line(InputStream in) throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = next(in); next != '\n'; next = next(in)) {
                line.write(next);
            }
            return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
        }

        private static int next(InputStream in) throws IOException {
            try {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("closed without an answer");
                }
                return next;
            } catch (SocketTimeoutException silent) {
                throw new IOException("no answer", silent);
            }
        }
    }
}
