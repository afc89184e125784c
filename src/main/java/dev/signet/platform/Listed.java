package dev.signet.platform;

import java.time.ZoneOffset;
import java.util.Map;
import org.springframework.jdbc.core.RowMapper;

/**
 * A list that can be asked for: which rows, how each becomes a value, and by which words it sorts. The listed table is
 * called {@code t} and has {@code id, company_id, search, created_at, modified_at}.
 *
 * @param active the SQL condition that {@code isActive} asks
 * @param activeByDefault whether the list shows only active things unless asked otherwise
 */
public record Listed<T>(
        String select, String from, String active, boolean activeByDefault, Map<String, Sort> sorts, RowMapper<T> row) {

    /** An SQL expression that is never null, and how its value is kept in a cursor. */
    public enum Kind {
        TEXT,
        TIME
    }

    /**
     * A value to sort by, and the id after it.
     *
     * @param id the id's expression, from the same table as the value, so that one index has both
     */
    public record Sort(String expression, Kind kind, String id) {

        public static Sort text(String expression) {
            return new Sort(expression, Kind.TEXT, "t.id");
        }

        public static Sort time(String expression) {
            return time(expression, "t.id");
        }

        public static Sort time(String expression, String id) {
            return new Sort(expression, Kind.TIME, id);
        }

        /** The value as text, to the microsecond: rounded, a cursor would repeat or miss rows. */
        String key() {
            return switch (kind) {
                case TEXT -> expression;
                case TIME ->
                    "to_char(%s at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')".formatted(expression);
            };
        }

        /** The value that the text stands for. */
        Object value(String key) {
            return switch (kind) {
                case TEXT -> key;
                case TIME -> Times.parse(key).atOffset(ZoneOffset.UTC);
            };
        }
    }
}
