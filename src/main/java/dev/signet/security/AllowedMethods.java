package dev.signet.security;

import dev.signet.access.Routes;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The list of all addresses that are served, and the methods of each. Nothing else is served, whatever code could serve it. */
@Component
class AllowedMethods {

    /** Served by libraries: health, and the pages of the API document. */
    static final List<String> LIBRARIES = List.of(
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            "/v3/api-docs/swagger-config",
            "/swagger-ui.html",
            "/swagger-ui/{file}");

    private static final String GET = "GET";

    private final Map<PathPattern, Set<String>> methods = new TreeMap<>();

    AllowedMethods(Routes routes) {
        LIBRARIES.forEach(path -> add(path, GET));
        routes.all().forEach(route -> add(route.path(), route.method()));
    }

    private void add(String path, String method) {
        Set<String> known = methods.computeIfAbsent(
                PathPatternParser.defaultInstance.parse(path), pattern -> new TreeSet<>(Set.of("OPTIONS")));
        known.addAll(method.equals(GET) ? Set.of(GET, "HEAD") : Set.of(method));
    }

    /** Those of the most specific route of this address; none where nothing is served. */
    Set<String> of(HttpServletRequest request) {
        PathContainer path = ServletRequestPathUtils.parse(request).pathWithinApplication();
        return methods.entrySet().stream()
                .filter(entry -> entry.getKey().matches(path))
                .min(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .map(entry -> Collections.unmodifiableSet(entry.getValue()))
                .orElse(Set.of());
    }

    /** 405 with those methods (RFC 9110 §15.5.6). */
    static ProblemException refusal(Set<String> allowed) {
        String methods = header(allowed);
        return Problem.METHOD_NOT_ALLOWED.with(methods).header(HttpHeaders.ALLOW, methods);
    }

    static String header(Set<String> allowed) {
        return String.join(", ", allowed);
    }

    /** The addresses for everybody: no bearer token is read there. */
    static Stream<String> open(Routes routes) {
        return Stream.concat(
                LIBRARIES.stream(),
                routes.all().stream().filter(Routes.Route::open).map(Routes.Route::path));
    }
}
