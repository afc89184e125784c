package dev.signet.security;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Puts each want of a permission into the log, wherever it was noticed. */
@Component
class Denials implements HandlerInterceptor {

    private final AuditLog log;

    Denials(AuditLog log) {
        this.log = log;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        ProblemException refusal = Problems.of(request);
        Caller caller = Door.caller();
        if (refusal != null && caller != null && refusal.problem() == Problem.INSUFFICIENT_SCOPE) {
            Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
            log.denied(
                    caller,
                    request.getMethod() + " " + pattern,
                    refusal.more().getOrDefault("requiredPermissions", List.of()));
        }
    }
}
