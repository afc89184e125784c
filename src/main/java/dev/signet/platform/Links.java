package dev.signet.platform;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Addresses for people and programs to follow: references without scheme and host (RFC 9110 §10.2.2, RFC 8288 §3), which are
 * right behind whatever proxy and never lead a bearer token elsewhere.
 */
final class Links {

    /** What a request's line and headers may have together, in bytes. */
    private static final int LARGEST_HEAD = 8 * 1024;

    /** The method, the version, and what a client may add to its headers. */
    private static final int RESERVE = 256;

    private static final Set<String> PAGING = Set.of("page", "cursor");

    private Links() {}

    /** The address of the request under way. */
    static UriComponentsBuilder here() {
        return UriComponentsBuilder.fromPath(request().getRequestURI());
    }

    /**
     * The value of a {@code Link} header to the next page: this request with that cursor. Empty where such a request would be
     * larger than the service accepts.
     */
    static Optional<String> next(String cursor) {
        HttpServletRequest request = request();
        List<String> query = new ArrayList<>();
        request.getParameterMap().forEach((name, values) -> {
            if (!PAGING.contains(name)) {
                for (String value : values) {
                    query.add(escaped(name) + "=" + escaped(value));
                }
            }
        });
        query.add("cursor=" + escaped(cursor));
        String address = request.getRequestURI() + "?" + String.join("&", query);
        return address.length() + headers(request) + RESERVE > LARGEST_HEAD
                ? Optional.empty()
                : Optional.of("<" + address + ">; rel=\"next\"");
    }

    private static String escaped(String text) {
        // forms write a space as a plus sign, which not every client reads as one
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** How large this request's headers are, which its sender will send again. */
    private static int headers(HttpServletRequest request) {
        return Collections.list(request.getHeaderNames()).stream()
                .mapToInt(name -> Collections.list(request.getHeaders(name)).stream()
                        .mapToInt(value -> name.length() + value.length() + ": \r\n".length())
                        .sum())
                .sum();
    }

    private static HttpServletRequest request() {
        return ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
    }
}
