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

    private static final String ROUTE = "Route";

    /** How many trace ids a row of refusals keeps. Each stands in an answer, and finds the row. */
    private static final int TRACES = 20;

    /** How many rows one actor's refusals of a route can make in a minute, before all further reasons share one. */
    private static final int REASONS = 20;

    private static final String OTHER = "{\"code\": \"other\"}";

    private static final String INSERT = """
            insert into audit_logs (id, company_id, event, model, item, actor, token, address, at, trace_id, changes, route, minute, search)
            values (:id, :company, :event, :model, :item, :actor, :token, :address, :at, :trace, %s, :route, :minute,
                    :search || coalesce((select ' ' || u.search from users u where u.id = :actor), ''))
            """;

    private static final String CHANGE = INSERT.formatted("cast(:changes as jsonb)");

    // One after another, so that the reasons are counted exactly: a statement does not see what another one is writing.
    private static final String LOCK = "select 1 from (select pg_advisory_xact_lock(hashtextextended(:refusals, 0))) l";

    private static final String REFUSAL = """
            with reasons as (
                select md5(changes::text) as reason from audit_logs
                where coalesce(actor, address) = coalesce(:actor, :address) and minute = :minute and route = :route
                  and event = :event and coalesce(company_id, '') = coalesce(:company, '')
                  and coalesce(token, '') = coalesce(:token, '')),
            counted as (%s
                on conflict (coalesce(actor, address), minute, route, event, coalesce(company_id, ''), coalesce(token, ''), md5(changes::text))
                where minute is not null
                do update set count = audit_logs.count + 1
                returning id, count)
            insert into audit_refusal_traces (log_id, number, trace_id)
            select id, count, :trace from counted where count between 2 and %d
            """.formatted(INSERT.formatted("""
            cast(case when (select count(*) from reasons) < %d
                        or md5(cast(:changes as jsonb)::text) in (select reason from reasons)
                      then :changes else '%s' end as jsonb)""".formatted(REASONS, OTHER)), TRACES);

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

    /**
     * Writes that the caller was refused, and why: the missing permissions, or the code that was answered. The same refusals of
     * one route and minute share a row. Not to be called in a transaction, which would hold a second connection meanwhile.
     *
     * @param route the method and the path's pattern, never the path itself: each route has rows of its own
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void refused(Caller caller, String route, Map<String, ?> reason) {
        refuse(Entry.of(caller, Event.DENY, ROUTE, null, json.writeValueAsString(reason)), route);
    }

    /** Writes that a user was refused who did not become a caller, e.g. because the API token has expired. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void refused(
            String company, String user, @Nullable String token, String address, String route, String code) {
        String reason = json.writeValueAsString(Map.of("code", code));
        refuse(new Entry(company, Event.DENY, ROUTE, null, user, token, address, reason), route);
    }

    /** Writes a failed sign-in, with the account if there is one. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void signInFailed(@Nullable String company, @Nullable String user, String address) {
        refuse(new Entry(company, Event.SIGNIN_FAILED, "User", user, user, null, address, "{}"), "POST /auth/local");
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
        statement(CHANGE, entry, clock.instant(), null, null).update();
    }

    private void refuse(Entry entry, String route) {
        Instant now = clock.instant();
        jdbc.sql(LOCK)
                .param("refusals", Objects.requireNonNullElse(entry.actor(), entry.address()) + " " + route)
                .query(Integer.class)
                .single();
        statement(REFUSAL, entry, now, route, now.truncatedTo(ChronoUnit.MINUTES))
                .update();
    }

    private JdbcClient.StatementSpec statement(
            String sql, Entry entry, Instant now, @Nullable String route, @Nullable Instant minute) {
        return jdbc.sql(sql)
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
                .param("search", entry.search(route));
    }
}
