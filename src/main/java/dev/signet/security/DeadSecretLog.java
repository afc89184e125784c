package dev.signet.security;

import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import dev.signet.audit.AuditLog;
import dev.signet.platform.Addresses;
import dev.signet.platform.Failures;
import dev.signet.token.DeadSecretException;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Audits each use of a secret that is not good any more: its holder forgot to change it, or is not its owner. */
@Component
class DeadSecretLog {

    private static final Logger LOG = LoggerFactory.getLogger(DeadSecretLog.class);

    private final AuditLog log;
    private final Routes routes;

    DeadSecretLog(AuditLog log, Routes routes) {
        this.log = log;
        this.routes = routes;
    }

    /** Before the request is answered, so that the trace id in the answer can be found in the log. */
    void write(DeadSecretException dead, HttpServletRequest request) {
        // by the route's pattern: a path of the client's choice would be a row of its own each time
        String route = routes.find(request.getMethod(), request.getRequestURI())
                .map(Route::text)
                .orElse(request.getMethod() + " unknown");
        try {
            log.refused(dead.company(), dead.user(), dead.token(), Addresses.client(request), route, dead.reason());
        } catch (RuntimeException unlogged) {
            // the request is refused, logged or not
            Failures.log(LOG, "The use of a dead secret could not be logged", unlogged);
        }
    }
}
