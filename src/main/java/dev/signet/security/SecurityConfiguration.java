package dev.signet.security;

import dev.signet.access.Routes;
import dev.signet.platform.Problem;
import dev.signet.platform.Problems;
import jakarta.servlet.DispatcherType;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** One door for everything. What is open says so at its handler or stands in the short list here; all else needs a caller. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /** What is open though no handler of ours serves it: health, the API document and its pages. */
    private static final String[] OPEN = {
        "/actuator/health/**", "/v3/api-docs/**", "/swagger-ui/**", "/swagger-ui.html",
    };

    /** The open routes; no bearer token is read there. */
    @Bean
    RequestMatcher openRoutes(Routes routes) {
        return new OrRequestMatcher(Stream.concat(
                        Stream.of(OPEN),
                        routes.all().stream().filter(Routes.Route::open).map(Routes.Route::path))
                .distinct()
                .map(PathPatternRequestMatcher.withDefaults()::matcher)
                .map(RequestMatcher.class::cast)
                .toList());
    }

    @Bean
    SecurityFilterChain chain(
            HttpSecurity http,
            RequestMatcher openRoutes,
            BearerFilter bearerFilter,
            AllowedOrigins origins,
            Problems problems) {
        return http.csrf(
                        AbstractHttpConfigurer
                                ::disable) // nothing but the refresh cookie could be ridden on, and it checks Origin
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .addFilter(origins.filter())
                .addFilterBefore(bearerFilter, AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests
                        // an error or a late answer belongs to a request that has passed already
                        .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(openRoutes)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .exceptionHandling(handling -> handling.authenticationEntryPoint(
                        (request, response, e) -> problems.answer(Problem.UNAUTHENTICATED.with(), request, response)))
                .headers(headers -> headers.contentSecurityPolicy(
                        policy -> policy.policyDirectives("default-src 'self'; frame-ancestors 'none'")))
                .build();
    }

    /** There are no users of Spring Security's own, and no password of its making in the log. */
    @Bean
    AuthenticationManager noOtherWayIn() {
        return authentication -> {
            throw new AuthenticationServiceException("not used");
        };
    }
}
