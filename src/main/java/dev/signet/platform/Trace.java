package dev.signet.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives each request the id (32 hex digits) by which its log lines, its refusal and its audit rows find one another. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class Trace extends OncePerRequestFilter {

    private static final String KEY = "traceId";

    /** The id of the request under way; outside of one, a fixed word. */
    public static String id() {
        return Objects.requireNonNullElse(MDC.get(KEY), "none");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        // kept on the request, so that an error dispatch after this filter speaks of the same id
        if (request.getAttribute(KEY) == null) {
            request.setAttribute(KEY, hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()));
        }
        MDC.put(KEY, String.valueOf(request.getAttribute(KEY)));
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(KEY);
        }
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }
}
