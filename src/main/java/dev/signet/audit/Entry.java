package dev.signet.audit;

import dev.signet.access.Caller;
import dev.signet.platform.Folded;
import dev.signet.platform.Ids;
import dev.signet.platform.Rows;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** What is written into the log. */
record Entry(
        @Nullable String company,
        Event event,
        String model,
        @Nullable String item,
        @Nullable String actor,
        @Nullable String token,
        String address,
        String changes) {

    /** Inserts an entry, with an SQL expression for the changes. */
    static final String INSERT = """
            insert into audit_logs (id, company_id, event, model, item, actor, token, address, at, trace_id, changes, route, minute, count, search)
            values (:id, :company, :event, :model, :item, :actor, :token, :address, :at, :trace, %s, :route, :minute, :count,
                    :search || coalesce((select ' ' || u.search from users u where u.id = :actor), ''))
            """;

    static Entry of(Caller caller, Event event, String model, @Nullable String item, String changes) {
        return new Entry(
                caller.company(), event, model, item, caller.actor(), caller.token(), caller.address(), changes);
    }

    Entry withChanges(String others) {
        return new Entry(company, event, model, item, actor, token, address, others);
    }

    /** The user, or the address where there is none. */
    String actorOrAddress() {
        return Objects.requireNonNullElse(actor, address);
    }

    /** Sets all parameters of {@link #INSERT} but the minute and the count. */
    StatementSpec set(StatementSpec statement, Instant at, String trace, @Nullable String route) {
        return statement
                .param("id", Ids.next(at))
                .param("company", company)
                .param("event", event.word())
                .param("model", model)
                .param("item", item)
                .param("actor", actor)
                .param("token", token)
                .param("address", address)
                .param("at", Rows.time(at))
                .param("trace", trace)
                .param("changes", changes)
                .param("route", route)
                .param("search", search(route));
    }

    /** What the row is found by, beside its actor. */
    private String search(@Nullable String route) {
        return Stream.of(event.word(), model, item, address, route)
                .filter(Objects::nonNull)
                .map(Folded::text)
                .collect(Collectors.joining(" "));
    }
}
