package dev.signet.security;

import dev.signet.access.Routes;
import dev.signet.platform.Problem;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Rejects what a handler would otherwise ignore: unknown or repeated parameters, encodings, and bodies it does not read. */
@Component
class Strictness implements HandlerInterceptor {

    private static final String IDENTITY = "identity";

    private final Map<HandlerMethod, Accepted> accepted = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() == DispatcherType.REQUEST
                && handler instanceof HandlerMethod method
                && Routes.isOurs(method)) {
            if (isEncoded(request)) {
                throw Problem.UNSUPPORTED_CONTENT_ENCODING.with().header(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
            }
            Accepted accepts = accepted.computeIfAbsent(method, Accepted::by);
            accepts.body().admit(request);
            if (request.getQueryString() != null) {
                accepts.check(request.getParameterMap());
            }
        }
        return true;
    }

    /** Nothing is unpacked here: a small body could become a huge one. */
    private static boolean isEncoded(HttpServletRequest request) {
        return Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING)).stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(String::strip)
                .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase(IDENTITY));
    }
}
