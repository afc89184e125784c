package dev.signet.security;

import dev.signet.access.Routes;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Problems;
import jakarta.servlet.DispatcherType;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** One door for everything. What is open says so at its handler or stands in the list of AllowedMethods; all else needs a caller. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /** The open routes, and questions that everybody may ask; no bearer token is read there. */
    @Bean
    RequestMatcher openRoutes(Routes routes, AllowedMethods methods) {
        Stream<RequestMatcher> addresses =
                AllowedMethods.open(routes).distinct().map(PathPatternRequestMatcher.withDefaults()::matcher);
        Stream<RequestMatcher> questions = Stream.of(request -> RouteFilter.isAnsweredToAll(request, methods));
        return new OrRequestMatcher(Stream.concat(addresses, questions).toList());
    }

    @Bean
    SecurityFilterChain chain(
            HttpSecurity http,
            RequestMatcher openRoutes,
            BearerFilter bearerFilter,
            AllowedOrigins origins,
            AllowedMethods methods,
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
                .addFilterAfter(new RouteFilter(methods, problems), AuthorizationFilter.class)
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
                // the other headers are set by SecurityHeadersValve, on every response
                .headers(headers -> headers.defaultsDisabled()
                        .cacheControl(Customizer.withDefaults())
                        .httpStrictTransportSecurity(Customizer.withDefaults()))
                .build();
    }

    /**
     * Checks the path alone. Methods, headers and parameters have rules of their own, whose refusals name what is wrong;
     * this one would also refuse a User-Agent in UTF-8.
     */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        firewall.setAllowedHeaderNames(name -> true);
        firewall.setAllowedHeaderValues(value -> true);
        firewall.setAllowedParameterNames(name -> true);
        firewall.setAllowedParameterValues(value -> true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler rejectedPath(Problems problems) {
        return (request, response, e) -> problems.answer(ProblemException.invalid("path", "path"), request, response);
    }

    /** There are no users of Spring Security's own, and no password of its making in the log. */
    @Bean
    AuthenticationManager noOtherWayIn() {
        return authentication -> {
            throw new AuthenticationServiceException("not used");
        };
    }
}
