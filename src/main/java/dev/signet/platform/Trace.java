package dev.signet.platform;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.MDC;

/**
 * Gives each request the id (32 hex digits) that connects its log lines, its refusal and its audit rows. A valve, because
 * the container also refuses requests before any filter runs.
 */
public final class Trace extends ValveBase {

    private static final String KEY = "traceId";

    public Trace() {
        super(true);
    }

    /** The id of the current request; outside of one, a fixed word. */
    public static String id() {
        return Objects.requireNonNullElse(MDC.get(KEY), "none");
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        // kept on the request, so that an asynchronous dispatch has the same id
        if (request.getAttribute(KEY) == null) {
            request.setAttribute(KEY, hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()));
        }
        MDC.put(KEY, String.valueOf(request.getAttribute(KEY)));
        try {
            getNext().invoke(request, response);
        } finally {
            MDC.remove(KEY);
        }
    }
}
