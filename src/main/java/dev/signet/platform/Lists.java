package dev.signet.platform;

import dev.signet.platform.Listed.Sort;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reads lists and single things of one company. Pages go by keyset: the cursor keeps the last row's sort value and id, and
 * the next page begins right after it in the index, so that any depth costs the same. A page of large rows has fewer of them.
 */
@Component
public class Lists {

    private static final String MODIFIED = "modified";

    /** How many bytes of rows a page takes, unless a single row has more. */
    private static final int MOST_BYTES = 1024 * 1024;

    /** A page by number cannot be shortened: the next one would begin after the rows that were left out. */
    private static final int MOST_BYTES_BY_NUMBER = 8 * MOST_BYTES;

    private static final int ROWS_AT_ONCE = 20;

    private final JdbcClient jdbc;

    Lists(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One thing of the company, or nothing: another company's is as absent as one that does not exist. */
    public <T> Optional<T> find(Listed<T> listed, String company, String id) {
        return find(listed, company, id, where -> {});
    }

    /** The same, where it also meets those conditions. */
    public <T> Optional<T> find(Listed<T> listed, String company, String id, Consumer<Where> conditions) {
        Where where =
                new Where().and("t.company_id = :company", "company", company).and("t.id = :id", "id", id);
        conditions.accept(where);
        return jdbc.sql(listed.select() + listed.from() + where.sql())
                .params(where.parameters())
                .query(listed.row())
                .optional();
    }

    @Transactional(readOnly = true)
    public <T> Page<T> page(Listed<T> listed, String company, ListQuery query, Consumer<Where> filters) {
        Where where = common(listed, company, query);
        filters.accept(where);
        Long count = query.counted() ? count(listed, where) : null;
        String sortBy = query.sortBy() == null ? MODIFIED : query.sortBy();
        Sort sort = listed.sorts().get(sortBy);
        if (sort == null) {
            throw ProblemException.invalid(
                    "sortBy",
                    "one_of",
                    String.join(", ", new TreeSet<>(listed.sorts().keySet())));
        }
        return slice(listed, query, where, sortBy, sort, count);
    }

    private <T> Page<T> slice(
            Listed<T> listed, ListQuery query, Where where, String sortBy, Sort sort, @Nullable Long count) {
        if (query.cursor() != null) {
            Cursor after = after(query, query.cursor(), sortBy);
            where.and(
                    "(%s, %s) %s (:cursorKey, :cursorId)"
                            .formatted(sort.expression(), sort.id(), query.ascending() ? ">" : "<"),
                    Map.of("cursorKey", after.value(sort), "cursorId", after.id()));
        }
        String direction = query.ascending() ? " asc" : " desc";
        ResultSetExtractor<Page<T>> reading = rows -> read(listed, query, rows, sortBy, count);
        return jdbc.sql(listed.select() + ", t.id as cursor_id, " + sort.key()
                        + " as cursor_key" + listed.from() + where.sql() + " order by " + sort.expression()
                        + direction + ", " + sort.id() + direction + " limit :limit offset :offset")
                .params(where.parameters())
                .param("limit", query.size() + 1)
                .param("offset", query.page() == null ? 0 : (query.page() - 1) * query.size())
                .withFetchSize(ROWS_AT_ONCE)
                .query(reading);
    }

    /** Reads rows until the page is full. What is not read never leaves the database. */
    private static <T> Page<T> read(
            Listed<T> listed, ListQuery query, ResultSet rows, String sortBy, @Nullable Long count)
            throws SQLException {
        List<T> items = new ArrayList<>();
        String cursor = null;
        long bytes = 0;
        while (rows.next()) {
            bytes += Rows.bytes(rows);
            if (items.size() == query.size()) {
                return new Page<>(items, count, cursor);
            }
            if (query.page() != null && bytes > MOST_BYTES_BY_NUMBER) {
                throw ProblemException.invalid("page", "heavy_page");
            }
            if (query.page() == null && bytes > MOST_BYTES && !items.isEmpty()) {
                return new Page<>(items, count, cursor);
            }
            items.add(listed.row().mapRow(rows, items.size()));
            cursor = new Cursor(sortBy, rows.getString("cursor_key"), rows.getString("cursor_id")).text();
        }
        return new Page<>(items, count, null);
    }

    private static <T> Where common(Listed<T> listed, String company, ListQuery query) {
        String active = query.isActive() != null ? query.isActive() : listed.activeByDefault() ? "true" : "all";
        Where where = new Where().and("t.company_id = :company", "company", company);
        switch (active) {
            case "true" -> where.and("(" + listed.active() + ")");
            case "false" -> where.and("not (" + listed.active() + ")");
            default -> {}
        }
        if (query.search() != null) {
            where.orFoundBy("t.search like :search", "search", Folded.pattern(query.search()));
        }
        return where.and("t.id in (:ids)", "ids", query.ids())
                .and("t.created_at > :createdGt", "createdGt", Rows.timeOrNull(query.created_gt()))
                .and("t.created_at >= :createdGte", "createdGte", Rows.timeOrNull(query.created_gte()))
                .and("t.created_at < :createdLt", "createdLt", Rows.timeOrNull(query.created_lt()))
                .and("t.created_at <= :createdLte", "createdLte", Rows.timeOrNull(query.created_lte()))
                .and("t.modified_at > :modifiedGt", "modifiedGt", Rows.timeOrNull(query.modified_gt()))
                .and("t.modified_at >= :modifiedGte", "modifiedGte", Rows.timeOrNull(query.modified_gte()))
                .and("t.modified_at < :modifiedLt", "modifiedLt", Rows.timeOrNull(query.modified_lt()))
                .and("t.modified_at <= :modifiedLte", "modifiedLte", Rows.timeOrNull(query.modified_lte()));
    }

    private <T> Long count(Listed<T> listed, Where where) {
        return jdbc.sql("select count(*)" + listed.from() + where.sql())
                .params(where.parameters())
                .query(Long.class)
                .single();
    }

    private static Cursor after(ListQuery query, String cursor, String sortBy) {
        if (query.page() != null) {
            throw ProblemException.invalid("cursor", "not_with_page");
        }
        return Cursor.parse(cursor, sortBy);
    }

    /** Where a page ended. Not secret and not signed: it only ever selects among the caller's own rows. */
    private record Cursor(String sortBy, String key, String id) {

        private static final String SEPARATOR = "\n";

        /** No folded name makes a longer one. */
        private static final int LONGEST = 4000;

        String text() {
            byte[] bytes = String.join(SEPARATOR, sortBy, id, key).getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        Object value(Sort sort) {
            try {
                return sort.value(key);
            } catch (DateTimeException notATime) {
                throw ProblemException.invalid("cursor", "cursor");
            }
        }

        static Cursor parse(String text, String sortBy) {
            String[] parts;
            try {
                parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(SEPARATOR, 3);
            } catch (IllegalArgumentException notBase64) {
                throw ProblemException.invalid("cursor", "cursor");
            }
            if (text.length() > LONGEST
                    || parts.length != 3
                    || parts[2].indexOf('\0') >= 0
                    || !parts[0].equals(sortBy)
                    || !parts[1].matches("[0-9a-f]{24}")) {
                throw ProblemException.invalid("cursor", "cursor");
            }
            return new Cursor(sortBy, parts[2], parts[1]);
        }
    }
}
