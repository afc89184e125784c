package dev.signet.security;

import dev.signet.access.Caller;
import dev.signet.platform.Addresses;
import dev.signet.platform.Input;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Shares;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/**
 * Bounds what bodies may hold of the heap while they come in, all together, and those of one caller, of one company and of
 * each kind: uploads leave room for other bodies, and all bodies for those of callers who sign in. A body is empty to everybody until it was admitted, which happens when the caller is known and may do what the request asks for; it is then
 * read as a whole before anything is made of it, so that a slow client holds bytes and nothing more. See decision record 13.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class Bodies extends OncePerRequestFilter {

    /** The attribute of a request whose body ended early. */
    static final String LATE = Bodies.class.getName() + ".late";

    private static final Duration UNTIL_SOME_END = Duration.ofSeconds(5);

    /** What one caller may hold of all; and what is kept for callers who sign in. */
    private static final int OF_ONE = 8;

    private static final int OF_A_COMPANY = 4;
    private static final int OF_UPLOADS = 2;

    private static final int PIECE = 8 * 1024;

    private final long most;
    private final Map<String, Long> held = new HashMap<>();

    /** A part of the bytes that bodies may hold: whose, and how many. */
    private record Share(String holder, long most) {}

    /** Bytes that are taken until they are released. */
    record Reservation(List<String> holders, long bytes) {}

    @Autowired
    Bodies() {
        this(Shares.bodies());
    }

    Bodies(long most) {
        this.most = most;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        BoundedRequest bounded = new BoundedRequest(request);
        try {
            chain.doFilter(bounded, response);
        } finally {
            bounded.release();
        }
    }

    /** Lets the handler read the body, up to that many bytes. */
    static void admit(HttpServletRequest request, int largest) {
        BoundedRequest bounded = WebUtils.getNativeRequest(request, BoundedRequest.class);
        if (bounded != null) {
            bounded.largest = largest;
        }
    }

    /** Whether there is a body. Reads a byte at most: without a length there may be chunks, and none of them. */
    static boolean isSent(HttpServletRequest request) {
        if (request.getContentLengthLong() >= 0) {
            return request.getContentLengthLong() > 0;
        }
        BoundedRequest bounded = WebUtils.getNativeRequest(request, BoundedRequest.class);
        try {
            return bounded != null && bounded.getRequest().getInputStream().read() >= 0;
        } catch (IOException unreadable) {
            throw ProblemException.invalid("", "body");
        }
    }

    /**
     * Takes that many bytes. A body that is larger than a share is still taken, if it is the only one there.
     *
     * @param sender the user, or the network of a client who is not known yet
     * @param largest what the request may send, which tells uploads and sign-ins from other bodies
     */
    synchronized Reservation reserve(String sender, @Nullable String company, int largest, long bytes) {
        List<Share> shares = shares(sender, company, largest);
        for (Share share : shares) {
            long before = held.getOrDefault(share.holder, 0L);
            if (before > 0 && before + bytes > share.most) {
                throw Problem.OVERLOADED.with().retryAfter(UNTIL_SOME_END);
            }
        }
        List<String> holders = shares.stream().map(Share::holder).toList();
        holders.forEach(holder -> held.merge(holder, bytes, Long::sum));
        return new Reservation(holders, bytes);
    }

    synchronized void release(Reservation reservation) {
        for (String holder : reservation.holders) {
            held.computeIfPresent(
                    holder, (key, before) -> before > reservation.bytes ? before - reservation.bytes : null);
        }
    }

    private List<Share> shares(String sender, @Nullable String company, int largest) {
        List<Share> shares = new ArrayList<>();
        shares.add(new Share("all", most));
        shares.add(new Share("sender " + sender, most / OF_ONE));
        if (company != null) {
            shares.add(new Share("company " + company, most / OF_A_COMPANY));
        }
        if (largest > Input.LARGEST_SIGN_IN) {
            shares.add(new Share("all but sign-ins", most - most / OF_ONE));
        }
        if (largest > Input.LARGEST_JSON) {
            shares.add(new Share("uploads", most / OF_UPLOADS));
        }
        return shares;
    }

    /** A request whose body is in memory when it is read. */
    private final class BoundedRequest extends HttpServletRequestWrapper {

        private int largest;
        private @Nullable Reservation reservation;
        private @Nullable ServletInputStream body;

        BoundedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (body == null) {
                body = new Body(largest > 0 && hasBody() ? gathered() : InputStream.nullInputStream());
            }
            return body;
        }

        @Override
        public BufferedReader getReader() throws IOException {
            String encoding = getCharacterEncoding();
            Charset charset = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
            return new BufferedReader(new InputStreamReader(getInputStream(), charset));
        }

        private boolean hasBody() {
            return getContentLengthLong() > 0 || getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        }

        private InputStream gathered() throws IOException {
            try {
                return gather();
            } catch (ClientAbortException ended) {
                // the connection was cut for being slow, or by a client who does not read this; Tomcat has chosen an
                // answer already
                setAttribute(LATE, true);
                throw Problem.REQUEST_TIMEOUT.with();
            }
        }

        private InputStream gather() throws IOException {
            long length = getContentLengthLong();
            reserve(length < 0 ? largest : length);
            InputStream in = super.getInputStream();
            byte[] bytes = new byte[length < 0 ? PIECE : (int) length];
            int count = 0;
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes, count, bytes.length - count)) {
                count += read;
                if (count == length) {
                    break;
                }
                if (count > largest) {
                    throw ProblemException.tooLarge(largest);
                }
                if (count == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(2L * count, largest + 1L));
                }
            }
            return new ByteArrayInputStream(bytes, 0, count);
        }

        private void reserve(long bytes) {
            Caller caller = Door.caller();
            reservation = caller == null
                    ? Bodies.this.reserve(Addresses.owned(getRemoteAddr()).getFirst(), null, largest, bytes)
                    : Bodies.this.reserve(caller.user(), caller.company(), largest, bytes);
        }

        private void release() {
            if (reservation != null) {
                Bodies.this.release(reservation);
            }
        }
    }

    private static final class Body extends ServletInputStream {

        private final InputStream bytes;

        Body(InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            return bytes.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return bytes.read(buffer, offset, length);
        }

        @Override
        public boolean isFinished() {
            try {
                return bytes.available() == 0;
            } catch (IOException never) {
                return true;
            }
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
