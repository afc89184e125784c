package dev.signet.security;

import dev.signet.access.BearerToken;
import dev.signet.access.Caller;
import dev.signet.platform.Addresses;
import dev.signet.platform.Input;
import dev.signet.platform.Problems;
import dev.signet.platform.Times;
import dev.signet.session.SessionService;
import dev.signet.token.DeadSecretException;
import dev.signet.token.TokenVerifier;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Turns {@code Authorization: Bearer} (RFC 6750 §2.1) into a caller: an API token or a person's access token, alike. */
@Component
class BearerFilter extends OncePerRequestFilter {

    private static final String TOKEN_EXPIRATION = "Token-Expiration";

    private final TokenVerifier tokens;
    private final SessionService sessions;
    private final RequestMatcher openRoutes;
    private final Problems problems;
    private final DeadSecretLog deadSecrets;

    BearerFilter(
            TokenVerifier tokens,
            SessionService sessions,
            RequestMatcher openRoutes,
            Problems problems,
            DeadSecretLog deadSecrets) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.openRoutes = openRoutes;
        this.problems = problems;
        this.deadSecrets = deadSecrets;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return openRoutes.matches(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            Caller caller = caller(request);
            if (caller != null) {
                SecurityContextHolder.setContext(new SecurityContextImpl(new Authenticated(caller)));
                if (caller.endsSoon() != null) {
                    response.setHeader(TOKEN_EXPIRATION, Times.text(caller.endsSoon()));
                }
            }
        } catch (DeadSecretException dead) {
            deadSecrets.write(dead, request);
            problems.answer(dead.refusal(), request, response);
            return;
        } catch (RuntimeException refused) {
            problems.answer(refused, request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    private static @Nullable String agent(HttpServletRequest request) {
        String agent = request.getHeader(HttpHeaders.USER_AGENT);
        return agent == null ? null : Input.header(agent);
    }

    /** The caller, or null where no bearer token was sent. */
    private @Nullable Caller caller(HttpServletRequest request) {
        String bearer = BearerToken.of(request);
        if (bearer == null) {
            return null;
        }
        String address = Addresses.client(request);
        return TokenVerifier.knows(bearer)
                ? tokens.verify(bearer, address, agent(request))
                : sessions.verify(bearer, address);
    }
}
