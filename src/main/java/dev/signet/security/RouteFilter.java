package dev.signet.security;

import dev.signet.platform.Problem;
import dev.signet.platform.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets only listed addresses through, by their own methods: anything else is 404 or 405 for every caller, whatever code
 * would have served it. Answers OPTIONS itself.
 */
class RouteFilter extends OncePerRequestFilter {

    private static final Set<HttpMethod> SERVED = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private final AllowedMethods methods;
    private final Problems problems;

    RouteFilter(AllowedMethods methods, Problems problems) {
        this.methods = methods;
        this.problems = problems;
    }

    /** Whether the request reads and changes nothing, so that everybody may send it: what is allowed here is no secret. */
    static boolean isAnsweredToAll(HttpServletRequest request, AllowedMethods methods) {
        return !SERVED.contains(HttpMethod.valueOf(request.getMethod()))
                && !methods.of(request).isEmpty();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Set<String> allowed = methods.of(request);
        if (allowed.isEmpty()) {
            problems.answer(Problem.NOT_FOUND.with(), request, response);
        } else if (!allowed.contains(request.getMethod())) {
            problems.answer(AllowedMethods.refusal(allowed), request, response);
        } else if (HttpMethod.OPTIONS.matches(request.getMethod())) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            response.setHeader(HttpHeaders.ALLOW, AllowedMethods.header(allowed));
        } else {
            chain.doFilter(request, response);
        }
    }
}
