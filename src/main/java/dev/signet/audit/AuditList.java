package dev.signet.audit;

import dev.signet.audit.AuditEntry.Actor;
import dev.signet.platform.Addresses;
import dev.signet.platform.EmailAddress;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Listed;
import dev.signet.platform.Listed.Sort;
import dev.signet.platform.Lists;
import dev.signet.platform.ObjectId;
import dev.signet.platform.Page;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How the log is read. A row never changes: it was modified when it was made. */
@Component
class AuditList {

    /** What the log can be asked besides. */
    record Filter(
            @Parameter(
                    description = "what happened, repeatable",
                    array = @ArraySchema(schema = @Schema(implementation = Event.class)))
            @Nullable
            @Size(max = 100)
            List<String> event,

            @Parameter(description = "to what kind of thing, repeatable") @Nullable @Size(max = 100)
            List<String> model,

            @Parameter(description = "whose doing, by e-mail, whatever its case, repeatable") @Nullable @Size(max = 100)
            List<String> email,

            @Parameter(description = "whose doing, by user id") @Nullable @ObjectId
            String actor,

            @Parameter(description = "what came through the API token with this id") @Nullable @ObjectId
            String token,

            @Parameter(description = "what was done to the thing with this id") @Nullable @ObjectId
            String item,

            @Parameter(description = "what came of the request whose answer had this traceId") @Nullable
            String traceId,

            @Parameter(description = "from this time or day on") @Nullable
            Instant from,

            @Parameter(description = "before this time or day") @Nullable
            Instant until) {

        Filter {
            event = ListQuery.presence(event);
            model = ListQuery.presence(model);
            email = ListQuery.presence(email);
            actor = ListQuery.presence(actor);
            token = ListQuery.presence(token);
            item = ListQuery.presence(item);
            traceId = ListQuery.presence(traceId);
        }
    }

    private static final Listed<AuditEntry> LISTED = new Listed<>(
            """
            select t.*, u.email, u.display_name,
                   coalesce(k.name, r.name, p.display_name, c.name_display, o.display_name) as item_name,
                   coalesce(k.code, c.name_code) as item_code\
            """,
            """
             from (select l.*, l.at as created_at, l.at as modified_at from audit_logs l) t
            left join users u on u.id = t.actor
            left join api_tokens k
                on t.model = 'ApiToken' and k.id = t.item collate "C" and k.company_id = t.company_id
            left join access_roles r
                on t.model = 'AccessRole' and r.id = t.item collate "C" and r.company_id = t.company_id
            left join users p
                on t.model = 'User' and p.id = t.item collate "C" and p.company_id = t.company_id
            left join channels c
                on t.model = 'Channel' and c.id = t.item collate "C" and c.company_id = t.company_id
            left join companies o
                on t.model = 'Company' and o.id = t.item collate "C" and o.id = t.company_id\
            """,
            "true",
            false,
            Map.of("created", Sort.time("t.created_at"), "modified", Sort.time("t.modified_at")),
            AuditList::row);

    // arrays, so that each side of the "or" can ask its own index
    private static final String TRACE = """
            (t.trace_id = :traceId
             or t.id = any (array(select r.log_id from audit_refusal_traces r where r.trace_id = :traceId)))""";

    // asked first: of ids that it sees, the planner knows how many rows they have
    private static final String ACTORS = """
            select id from users
            where company_id = :company and email_key in (:emailKeys)
            """;

    private static final String USER = "select count(*) from users where company_id = :company and id = :id";
    private static final String TOKEN = "select count(*) from api_tokens where company_id = :company and id = :id";

    /** Without the bounds of what comes in: a row may hold two bodies of the largest size, before and after. */
    private static final JsonMapper JSON = new JsonMapper();

    private static final TypeReference<Map<String, Change>> CHANGES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Object>> REASON = new TypeReference<>() {};

    private final Lists lists;
    private final JdbcClient jdbc;

    AuditList(Lists lists, JdbcClient jdbc) {
        this.lists = lists;
        this.jdbc = jdbc;
    }

    Page<AuditEntry> page(String company, ListQuery query, Filter filter) {
        if (filter.event() != null && !Event.words().containsAll(filter.event())) {
            throw ProblemException.invalid("event", "one_of", String.join(", ", Event.words()));
        }
        requireKnown(USER, company, "actor", filter.actor());
        requireKnown(TOKEN, company, "token", filter.token());
        List<String> actors = actors(company, filter.email());
        return lists.page(
                LISTED,
                company,
                query,
                where -> where.and("t.event in (:event)", "event", filter.event())
                        .and("t.model in (:model)", "model", filter.model())
                        .and(actors != null && actors.isEmpty() ? "false" : "t.actor in (:actors)", "actors", actors)
                        .and("t.actor = :actor", "actor", filter.actor())
                        .and("t.token = :token", "token", filter.token())
                        .and("t.item = :item", "item", filter.item())
                        .and(TRACE, "traceId", filter.traceId())
                        .and("t.at >= :from", "from", Rows.timeOrNull(filter.from()))
                        .and("t.at < :until", "until", Rows.timeOrNull(filter.until())));
    }

    /** Rejects another company's id like one that does not exist. */
    private void requireKnown(String sql, String company, String field, @Nullable String id) {
        if (id != null
                && jdbc.sql(sql)
                                .param("company", company)
                                .param("id", id)
                                .query(Integer.class)
                                .single()
                        == 0) {
            throw ProblemException.invalid(field, "unknown_id");
        }
    }

    private @Nullable List<String> actors(String company, @Nullable List<String> emails) {
        return emails == null
                ? null
                : jdbc.sql(ACTORS)
                        .param("company", company)
                        .param(
                                "emailKeys",
                                emails.stream().map(EmailAddress::key).toList())
                        .query((row, number) -> row.getString("id"))
                        .list();
    }

    private static AuditEntry row(ResultSet row, int number) throws SQLException {
        String event = row.getString("event");
        String changes = row.getString("changes");
        boolean refusal = event.equals(Event.DENY.word());
        return new AuditEntry(
                row.getString("id"),
                event,
                row.getString("model"),
                row.getString("item"),
                row.getString("item_name"),
                row.getString("item_code"),
                actor(row),
                Addresses.text(row.getString("address")),
                Rows.instant(row, "at"),
                row.getString("trace_id"),
                refusal ? Map.of() : JSON.readValue(changes, CHANGES),
                refusal ? JSON.readValue(changes, REASON) : null,
                row.getString("route"),
                row.getInt("count"),
                row.getString("company_id"));
    }

    private static @Nullable Actor actor(ResultSet row) throws SQLException {
        String user = row.getString("actor");
        return user == null
                ? null
                : new Actor(user, row.getString("email"), row.getString("display_name"), row.getString("token"));
    }
}
