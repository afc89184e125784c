package dev.signet.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives up on clients that take an answer too slowly, since it is held until they have it. Tomcat only cuts those that take
 * nothing at all for a while. Live streams have their own rule: they never end.
 */
@Component
class SlowReaders extends OncePerRequestFilter {

    private static final long PATIENCE = Duration.ofSeconds(20).toNanos();
    private static final long BYTES_PER_SECOND = 16 * 1024;

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, new Watched(response));
    }

    private static final class Watched extends HttpServletResponseWrapper {

        private @Nullable ServletOutputStream out;

        Watched(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            if (MediaType.TEXT_EVENT_STREAM_VALUE.equals(getContentType())) {
                return super.getOutputStream();
            }
            if (out == null) {
                out = new Paced(super.getOutputStream());
            }
            return out;
        }
    }

    /** Counts the time that writing waits for the client. */
    private static final class Paced extends ServletOutputStream {

        private static final int PIECE = 32 * 1024;

        private final ServletOutputStream out;
        private long waited;
        private long written;

        Paced(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int done = 0; done < length; done += PIECE) {
                int piece = Math.min(PIECE, length - done);
                long began = System.nanoTime();
                out.write(bytes, from + done, piece);
                waited += System.nanoTime() - began;
                written += piece;
                if (waited
                        > PATIENCE
                                + Duration.ofSeconds(written / BYTES_PER_SECOND).toNanos()) {
                    throw new IOException("the client reads too slowly");
                }
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
