package dev.signet.security;

import dev.signet.access.Caller;
import dev.signet.access.Needs;
import dev.signet.access.Open;
import dev.signet.access.Routes;
import dev.signet.access.SignedIn;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Asks each handler what it needs before anything of the request is read, so that 403 comes before 400. */
@Component
class Door implements HandlerInterceptor {

    private final RequestMatcher openRoutes;

    // lazily: the routes are known when Spring Web is complete, and that wants its interceptors first
    Door(@Lazy RequestMatcher openRoutes) {
        this.openRoutes = openRoutes;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() != DispatcherType.REQUEST) {
            return true;
        }
        if (handler instanceof HandlerMethod method && Routes.isOurs(method)) {
            check(method);
        } else if (!openRoutes.matches(request)) {
            // served by somebody else's code, and nobody said that it may be
            throw Problem.NOT_FOUND.with();
        }
        return true;
    }

    private static void check(HandlerMethod handler) {
        if (handler.hasMethodAnnotation(Open.class)) {
            return;
        }
        Caller caller = caller();
        if (caller == null) {
            throw Problem.UNAUTHENTICATED.with();
        }
        SignedIn signedIn = handler.getMethodAnnotation(SignedIn.class);
        boolean beforePasswordChange = signedIn != null && signedIn.beforePasswordChange();
        if (caller.barred() != null && !(caller.passwordChangeRequired() && beforePasswordChange)) {
            throw caller.barred().with();
        }
        Needs needs = handler.getMethodAnnotation(Needs.class);
        if (signedIn == null && (needs == null || !Routes.opens(caller.permissions(), needs))) {
            throw ProblemException.missing(Set.of(needs == null ? "" : needs.value()));
        }
        if (caller.secretReplaced() && !Routes.servesInGrace(handler)) {
            throw Problem.SECRET_REPLACED.with();
        }
    }

    static @Nullable Caller caller() {
        return SecurityContextHolder.getContext().getAuthentication() instanceof Authenticated authenticated
                ? authenticated.getPrincipal()
                : null;
    }
}
