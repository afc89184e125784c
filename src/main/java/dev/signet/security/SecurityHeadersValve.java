package dev.signet.security;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/** Sets the headers that restrict what a browser does with a response, on every response. */
final class SecurityHeadersValve extends ValveBase {

    private static final String AVATARS = "/avatars/";
    private static final String API_PAGES = "/swagger-ui/";

    private static final String SELF =
            "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";

    /** The pages of the API document show icons from their style sheet. */
    private static final String SELF_WITH_ICONS = SELF + "; img-src 'self' data:";

    /** A picture runs nothing, even where a browser opens it as a document. */
    private static final String NOTHING =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    private static final Map<String, String> SAME_EVERYWHERE = Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()");

    SecurityHeadersValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        write(request.getRequestURI(), response);
        getNext().invoke(request, response);
    }

    /** The path is null where the request line could not be read. */
    static void write(@Nullable String path, HttpServletResponse response) {
        String address = path == null ? "" : path;
        SAME_EVERYWHERE.forEach(response::setHeader);
        // avatars are shown by the pages of other origins
        response.setHeader(
                "Cross-Origin-Resource-Policy", address.startsWith(AVATARS) ? "cross-origin" : "same-origin");
        response.setHeader(
                "Content-Security-Policy",
                address.startsWith(AVATARS) ? NOTHING : address.startsWith(API_PAGES) ? SELF_WITH_ICONS : SELF);
    }
}
