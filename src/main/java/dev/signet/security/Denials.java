package dev.signet.security;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.platform.Failures;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Audits every 403 before answering, so that the trace id in the answer can be found in the log; and every 409 for a replaced
 * secret, since a client that still has the old one and wants more than it gives is the clearest sign of a theft.
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class Denials {

    private static final Logger LOG = LoggerFactory.getLogger(Denials.class);

    private final AuditLog log;
    private final Problems problems;

    Denials(AuditLog log, Problems problems) {
        this.log = log;
        this.problems = problems;
    }

    @ExceptionHandler(ProblemException.class)
    void refused(ProblemException refusal, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Door.caller();
        if (caller != null && isDenial(refusal.problem())) {
            write(caller, request, refusal);
        }
        problems.answer(refusal, request, response);
    }

    private static boolean isDenial(Problem problem) {
        return problem.status() == HttpStatus.FORBIDDEN || problem == Problem.SECRET_REPLACED;
    }

    private void write(Caller caller, HttpServletRequest request, ProblemException refusal) {
        Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        Map<String, ?> why =
                refusal.more().isEmpty() ? Map.of("code", refusal.problem().code()) : refusal.more();
        try {
            log.refused(caller, request.getMethod() + " " + route, why);
        } catch (RuntimeException unlogged) {
            // a refusal stays one, logged or not
            Failures.log(LOG, "A refusal could not be logged", unlogged);
        }
    }
}
