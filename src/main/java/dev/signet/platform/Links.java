package dev.signet.platform;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Addresses for people and programs to follow: references without scheme and host (RFC 9110 §10.2.2, RFC 8288 §3), which are
 * right behind whatever proxy and never lead a bearer token elsewhere.
 */
final class Links {

    private Links() {}

    /** The address of the request under way. */
    static UriComponentsBuilder here() {
        return UriComponentsBuilder.fromPath(request().getRequestURI());
    }

    /** The same with what was asked, but for some of it. */
    static UriComponentsBuilder hereWithQuery(Set<String> without) {
        UriComponentsBuilder link = here();
        request().getParameterMap().forEach((name, values) -> {
            if (!without.contains(name)) {
                link.queryParam(name, (Object[]) values);
            }
        });
        return link;
    }

    private static HttpServletRequest request() {
        return ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
    }
}
