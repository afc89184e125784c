package dev.signet.security;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Puts each 403 into the log, wherever it was noticed. */
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
        if (refusal != null && caller != null && refusal.problem().status() == HttpStatus.FORBIDDEN) {
            Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
            log.denied(
                    caller,
                    request.getMethod() + " " + pattern,
                    refusal.more().isEmpty() ? Map.of("code", refusal.problem().code()) : refusal.more());
        }
    }
}
