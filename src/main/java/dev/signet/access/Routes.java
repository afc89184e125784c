package dev.signet.access;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Every route of ours and what it needs, read from the handlers themselves. One that says nothing stops the start. */
@Component
public class Routes {

    private static final String OURS = "dev.signet.";

    /** A route; {@code needs} is its permission, or null for one that is open or only asks for a sign-in. */
    public record Route(
            String method, PathPattern pattern, @Nullable Needs rule, boolean open, HandlerMethod handler) {

        public String path() {
            return pattern.getPatternString();
        }

        public @Nullable String needs() {
            return rule == null ? null : rule.value();
        }

        public String text() {
            return method + " " + path();
        }
    }

    private final List<Route> routes;

    Routes(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping) {
        routes = mapping.getHandlerMethods().entrySet().stream()
                .filter(entry -> isOurs(entry.getValue()))
                .flatMap(entry -> routes(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Route::path).thenComparing(Route::method))
                .toList();
    }

    /** The route of a request's path, by its pattern. */
    public Optional<Route> find(String method, String path) {
        PathContainer segments = PathContainer.parsePath(path);
        String served = method.equals("HEAD") ? "GET" : method;
        return routes.stream()
                .filter(route ->
                        route.method().equals(served) && route.pattern().matches(segments))
                .min(Comparator.comparing(Route::pattern));
    }

    public List<Route> all() {
        return routes;
    }

    /** The routes that the permissions open, beyond those that are open to everybody. */
    public List<Route> openedBy(Permissions permissions) {
        return routes.stream()
                .filter(route -> route.rule() != null && opens(permissions, route.rule()))
                .toList();
    }

    public static boolean opens(Permissions permissions, Needs needs) {
        return permissions.allows(needs.value()) || (!needs.or().isEmpty() && permissions.allows(needs.or()));
    }

    /**
     * Whether the route serves a caller whose secret was replaced. Closed unless it only reads or says that it hands out nothing
     * lasting, so that a new route cannot forget to.
     */
    public static boolean servesInGrace(HandlerMethod handler) {
        return handler.hasMethodAnnotation(GetMapping.class) || handler.hasMethodAnnotation(InGrace.class);
    }

    public static boolean isOurs(HandlerMethod handler) {
        return handler.getBeanType().getName().startsWith(OURS);
    }

    /** The permissions that open the route, each by itself. */
    public static List<String> named(Needs needs) {
        return needs.or().isEmpty() ? List.of(needs.value()) : List.of(needs.value(), needs.or());
    }

    private static Stream<Route> routes(RequestMappingInfo mapping, HandlerMethod handler) {
        Needs needs = handler.getMethodAnnotation(Needs.class);
        boolean open = handler.hasMethodAnnotation(Open.class);
        if (needs == null && !open && !handler.hasMethodAnnotation(SignedIn.class)) {
            throw new IllegalStateException(
                    "No route without a rule: " + handler + " has none of @Needs, @SignedIn, @Open");
        }
        if (needs != null && !Permissions.CATALOGUE.containsAll(named(needs))) {
            throw new IllegalStateException(
                    handler + " needs " + named(needs) + ", not all of which the catalogue has");
        }
        return mapping.getPatternValues().stream()
                .map(PathPatternParser.defaultInstance::parse)
                .flatMap(path -> mapping.getMethodsCondition().getMethods().stream()
                        .map(RequestMethod::name)
                        .map(method -> new Route(method, path, needs, open, handler)));
    }
}
