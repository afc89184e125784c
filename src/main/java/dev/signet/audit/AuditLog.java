package dev.signet.audit;

import dev.signet.access.Caller;
import dev.signet.platform.Folded;
import dev.signet.platform.Ids;
import dev.signet.platform.Rows;
import dev.signet.platform.Trace;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    private static final String INSERT = """
            insert into audit_logs (id, company_id, event, model, item, actor, token, address, at, trace_id, changes, route, minute, search)
            values (:id, :company, :event, :model, :item, :actor, :token, :address, :at, :trace, cast(:changes as jsonb), :route, :minute,
                    :search || coalesce((select ' ' || u.search from users u where u.id = :actor), ''))
            """;

    // Each refusal's trace id stands in its answer, and is to find the row. After the hundredth they are only counted.
    private static final String COUNT = """
            with counted as (%s
                on conflict (event, coalesce(company_id, ''), coalesce(actor, address), coalesce(token, ''), route, md5(changes::text), minute)
                where minute is not null
                do update set count = audit_logs.count + 1
                returning id, count)
            insert into audit_refusal_traces (log_id, number, trace_id)
            select id, count, :trace from counted where count between 2 and 100
            """.formatted(INSERT);

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    AuditLog(JdbcClient jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
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

    /** Writes that the caller was refused, and why. The same refusals of one route and minute share a row. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void denied(Caller caller, String route, Map<String, ?> why) {
        count(Entry.of(caller, Event.DENY, "Route", null, json.writeValueAsString(why)), route);
    }

    /** Writes a failed sign-in, with the account where there is one. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void signInFailed(@Nullable String company, @Nullable String user, String address) {
        count(new Entry(company, Event.SIGNIN_FAILED, "User", user, user, null, address, "{}"), "POST /auth/local");
    }

    private record Entry(
            @Nullable String company,
            Event event,
            String model,
            @Nullable String item,
            @Nullable String actor,
            @Nullable String token,
            String address,
            String changes) {

        static Entry of(Caller caller, Event event, String model, @Nullable String item, String changes) {
            return new Entry(
                    caller.company(), event, model, item, caller.actor(), caller.token(), caller.address(), changes);
        }

        /** What the row is found by, beside its actor. */
        String search(@Nullable String route) {
            return Stream.of(event.word(), model, item, address, route)
                    .filter(Objects::nonNull)
                    .map(Folded::text)
                    .collect(Collectors.joining(" "));
        }
    }

    private void write(Entry entry) {
        insert(INSERT, entry, clock.instant(), null, null);
    }

    private void count(Entry entry, String route) {
        Instant now = clock.instant();
        insert(COUNT, entry, now, route, now.truncatedTo(ChronoUnit.MINUTES));
    }

    private void insert(String sql, Entry entry, Instant now, @Nullable String route, @Nullable Instant minute) {
        jdbc.sql(sql)
                .param("id", Ids.next(now))
                .param("company", entry.company())
                .param("event", entry.event().word())
                .param("model", entry.model())
                .param("item", entry.item())
                .param("actor", entry.actor())
                .param("token", entry.token())
                .param("address", entry.address())
                .param("at", Rows.time(now))
                .param("trace", Trace.id())
                .param("changes", entry.changes())
                .param("route", route)
                .param("minute", Rows.timeOrNull(minute))
                .param("search", entry.search(route))
                .update();
    }
}
