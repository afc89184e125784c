package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** What is not listed is not served, by whatever code, and each listed address names its own methods. */
class ListedRouteTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final String BOT = COMPANY.token("messages-write").secret();
    private static final String NOBODYS_ID = "ffffffffffffffffffffffff";

    @Test
    void whatLibrariesServeIsClosedForEveryCallerAndMethod() {
        List<String> everything = List.of(
                "management.endpoints.web.exposure.include=*",
                "management.endpoints.access.default=unrestricted",
                "management.endpoints.web.discovery.enabled=true",
                "management.endpoint.health.show-details=always",
                "management.endpoint.health.show-components=always",
                "management.endpoint.env.show-values=always",
                "spring.web.resources.add-mappings=true",
                "springdoc.show-actuator=true",
                "spring.web.error.include-stacktrace=always");
        try (Node node = Node.apart(everything)) {
            List<String> paths = new ArrayList<>(libraries(node));
            assertThat(paths).contains("/actuator/env", "/actuator/threaddump", "/actuator/beans", "/actuator");
            paths.addAll(List.of(
                    "/actuator/env/signet.keys",
                    "/actuator/loggers/dev.signet",
                    "/actuator/health/db",
                    "/error",
                    "/",
                    "/index.html",
                    "/webjars/swagger-ui/index.html",
                    "/application.yaml",
                    "/v3/api-docs/anything",
                    "/swagger-ui/sub/index.html"));
            Map<String, Integer> reached = new TreeMap<>();
            for (String path : paths) {
                for (String caller : Arrays.asList(null, BOT, COMPANY.bearer())) {
                    for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
                        int status = call(node, method, path, caller).status();
                        if (!Set.of(401, 403, 404).contains(status)) {
                            reached.put(method + " " + path, status);
                        }
                    }
                }
            }
            assertThat(reached).isEmpty();
            assertThat(Wire.get("/{}").to(node).header("Content-Type")).isEqualTo("application/problem+json");
            for (String open : AllowedMethods.LIBRARIES) {
                String path = open.replace("{file}", "index.html");
                assertThat(call(node, "GET", path, null).status()).as(path).isIn(200, 302);
                assertThat(call(node, "POST", path, COMPANY.bearer()).status())
                        .as(path)
                        .isEqualTo(405);
            }
        }
    }

    @Test
    void optionsNamesTheMethodsOfExactlyThatAddressToEverybody() {
        Map<String, Set<String>> expected = Node.one().bean(Routes.class).all().stream()
                .collect(Collectors.groupingBy(
                        Route::path, Collectors.mapping(Route::method, Collectors.toCollection(TreeSet::new))));
        expected.values().forEach(methods -> {
            methods.add("OPTIONS");
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
        });
        assertThat(expected).hasSizeGreaterThan(25).allSatisfy((route, methods) -> {
            String path = route.replaceAll("\\{\\w+}", NOBODYS_ID);
            for (String caller : Arrays.asList(null, "x", BOT, COMPANY.bearer())) {
                Answer answer = call(Node.one(), "OPTIONS", path, caller);
                assertThat(answer.status()).isEqualTo(204);
                assertThat(answer.header("Allow")).isEqualTo(String.join(", ", methods));
                assertThat(answer.body()).isEmpty();
            }
            for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
                if (!methods.contains(method)) {
                    Answer answer = call(Node.one(), method, path, COMPANY.bearer());
                    assertThat(answer.status()).as(method).isEqualTo(405);
                    assertThat(answer.header("Allow")).as(method).isEqualTo(String.join(", ", methods));
                }
            }
        });
        assertThat(call(Node.one(), "OPTIONS", "/api/v2/apitokens/self", null).header("Allow"))
                .isEqualTo("GET, HEAD, OPTIONS");
        assertThat(call(Node.one(), "OPTIONS", "/nonsense", null).status()).isEqualTo(401);
        assertThat(call(Node.one(), "OPTIONS", "/nonsense", BOT).status()).isEqualTo(404);
    }

    @Test
    void everyResponseRestrictsWhatABrowserDoesWithIt() {
        List<Wire> requests = List.of(
                Wire.get("/api/v2/users/me").bearer(COMPANY.bearer()),
                Wire.get("/api/v2/users/me"),
                Wire.get("/nonsense").bearer(COMPANY.bearer()),
                Wire.request("OPTIONS", "/api/v2/users/me"),
                Wire.request("TRACE", "/api/v2/users/me"),
                Wire.get("//"),
                Wire.get("/%00"),
                Wire.get("/{}"),
                Wire.get("/api").header("X-Huge", "x".repeat(9_000)),
                Wire.get("/problems/not_found"),
                Wire.get("/v3/api-docs"),
                Wire.get("/swagger-ui/index.html"),
                Wire.get("/actuator/health"),
                Wire.get("/avatars/initials/AB/1.svg"),
                Wire.request("POST", "/auth/local").json("{}"));
        assertThat(requests).allSatisfy(request -> {
            Answer answer = request.to(Node.one());
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
            assertThat(answer.header("Permissions-Policy")).contains("camera=()");
            assertThat(answer.header("Cross-Origin-Resource-Policy")).isIn("same-origin", "cross-origin");
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("default-src", "base-uri 'none'", "form-action", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
        });
        assertThat(Wire.get("/avatars/initials/AB/1.svg").to(Node.one()).header("Cross-Origin-Resource-Policy"))
                .isEqualTo("cross-origin");
        assertThat(Wire.get("/api/v2/users/me").to(Node.one()).header("Content-Security-Policy"))
                .contains("object-src 'none'", "form-action 'self'");
    }

    private static Answer call(Node node, String method, String path, @Nullable String bearer) {
        return Wire.request(method, path).bearer(bearer).to(node);
    }

    /** The addresses of all handlers that are not ours, except the listed ones. */
    private static Set<String> libraries(Node node) {
        Set<String> paths = new TreeSet<>();
        // the first request initializes the servlet
        Wire.get("/v3/api-docs").to(node);
        Objects.requireNonNull(node.bean(DispatcherServlet.class).getHandlerMappings())
                .forEach(mapping -> {
                    if (mapping instanceof RequestMappingInfoHandlerMapping methods) {
                        methods.getHandlerMethods().forEach((info, handler) -> {
                            if (!Routes.isOurs(handler)) {
                                paths.addAll(info.getPatternValues());
                            }
                        });
                    } else if (mapping instanceof AbstractUrlHandlerMapping urls) {
                        paths.addAll(urls.getHandlerMap().keySet());
                    }
                });
        paths.removeAll(AllowedMethods.LIBRARIES);
        paths.remove("/actuator/health/**");
        return paths.stream()
                .map(path -> path.replaceAll("\\{\\*?\\w+}|\\*+", "x"))
                .filter(path -> !path.startsWith("/swagger-ui/"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
