package dev.signet.audit;

import dev.signet.access.Caller;
import dev.signet.platform.Trace;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The log. A change is written in its own transaction, so that one that cannot be logged does not happen. */
@Component
public class AuditLog {

    private static final String ROUTE = "Route";

    private static final String CHANGE = Entry.INSERT.formatted("cast(:changes as jsonb)");

    private final JdbcClient jdbc;
    private final Refusals refusals;
    private final JsonMapper json;
    private final Clock clock;

    AuditLog(JdbcClient jdbc, Refusals refusals, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.refusals = refusals;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Writes what the caller changed, as the per-path difference of the values that people see: there is no secret in those.
     *
     * @param before null for something new
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void changed(Caller caller, Event event, String model, String item, @Nullable Object before, Object after) {
        ObjectNode previous = before == null ? json.createObjectNode() : json.valueToTree(before);
        Map<String, Change> changes = Change.between(previous, json.valueToTree(after));
        write(Entry.of(caller, event, model, item, json.writeValueAsString(changes)));
    }

    /** Writes what happened where nothing that people see has changed. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void happened(Caller caller, Event event, String model, String item) {
        write(Entry.of(caller, event, model, item, "{}"));
    }

    /**
     * Writes that the caller was refused, and why: the missing permissions, or the code that was answered. The same refusals of
     * one route and minute share a row, which has their full number when the minute is over. Not to be called in a transaction,
     * which would hold a second connection meanwhile.
     *
     * @param route the method and the path's pattern, never the path itself: each route has rows of its own
     */
    public void refused(Caller caller, String route, Map<String, ?> reason) {
        refusals.add(Entry.of(caller, Event.DENY, ROUTE, null, json.writeValueAsString(reason)), route);
    }

    /** Writes that a user was refused who did not become a caller, e.g. because the API token has expired. */
    public void refused(
            String company, String user, @Nullable String token, String address, String route, String code) {
        String reason = json.writeValueAsString(Map.of("code", code));
        refusals.add(new Entry(company, Event.DENY, ROUTE, null, user, token, address, reason), route);
    }

    /** Writes a failed sign-in, with the account if there is one. */
    public void signInFailed(@Nullable String company, @Nullable String user, String address) {
        refusals.add(
                new Entry(company, Event.SIGNIN_FAILED, "User", user, user, null, address, "{}"), "POST /auth/local");
    }

    private void write(Entry entry) {
        entry.set(jdbc.sql(CHANGE), clock.instant(), Trace.id(), null)
                .param("minute", null)
                .param("count", 1)
                .update();
    }
}
