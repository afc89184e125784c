package dev.signet.security;

import dev.signet.platform.Setting;
import dev.signet.platform.StartRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.CorsFilter;

/**
 * The other origins ({@code SIGNET_ALLOWED_ORIGINS}) whose pages may call the API from a browser, with a bearer token and
 * never with the cookie. Pages of all others are told nothing, and their requests are answered as anybody's.
 */
@Component
class AllowedOrigins implements Setting {

    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Set<String> origins;

    AllowedOrigins(@Value("${signet.allowed-origins:}") List<String> origins) {
        this.origins =
                origins.stream().map(String::strip).map(AllowedOrigins::parse).collect(Collectors.toSet());
    }

    CorsFilter filter() {
        CorsConfiguration rules = new CorsConfiguration();
        rules.setAllowedOrigins(List.copyOf(origins));
        rules.setAllowedMethods(List.of(CorsConfiguration.ALL));
        // existing clients send Admin and Company, to no effect; a browser that may not send them sends nothing at all
        rules.setAllowedHeaders(List.of(
                "Authorization", "Content-Type", "If-Match", "Idempotency-Key", "Accept-Language", "Admin", "Company"));
        rules.setExposedHeaders(
                List.of("ETag", "Location", "Link", "Retry-After", "Token-Expiration", "Idempotent-Replayed"));
        rules.setMaxAge(REMEMBERED);
        CorsFilter filter = new CorsFilter(request -> rules) {
            @Override
            protected boolean shouldNotFilter(HttpServletRequest request) {
                String origin = request.getHeader(HttpHeaders.ORIGIN);
                return origin == null || !origins.contains(origin) || isPicture(request);
            }
        };
        filter.setCorsProcessor(new ToldProcessor());
        return filter;
    }

    /** Anybody's page may show one as it is; one same answer is kept for all. */
    private static boolean isPicture(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/avatars/");
    }

    private static String parse(String text) {
        try {
            URI origin = URI.create(text.toLowerCase(Locale.ROOT));
            if (origin.getHost() != null && text.equalsIgnoreCase(asSent(origin))) {
                return asSent(origin);
            }
        } catch (IllegalArgumentException malformed) {
            // told below, in our words
        }
        throw new StartRefusedException(
                "SIGNET_ALLOWED_ORIGINS contains an invalid origin: " + text,
                "Give origins as browsers send them, a comma between, e.g. https://panel.example,http://localhost:5173");
    }

    /** As browsers send it: without a path, and without a port that goes without saying. */
    private static String asSent(URI origin) {
        boolean https = "https".equals(origin.getScheme());
        String port = origin.getPort() < 0 || origin.getPort() == (https ? 443 : 80) ? "" : ":" + origin.getPort();
        return (https ? "https://" : "http://") + origin.getHost() + port;
    }

    /** Tells all headers that may be sent, whichever were asked for. The browser compares; nothing is refused in plain text. */
    private static final class ToldProcessor extends DefaultCorsProcessor {

        @Override
        protected @Nullable List<String> checkHeaders(CorsConfiguration rules, List<String> asked) {
            return rules.getAllowedHeaders();
        }
    }
}
