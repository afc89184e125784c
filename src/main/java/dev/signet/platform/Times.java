package dev.signet.platform;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times as callers write them, in ISO 8601, within the years that a database and a client can carry. */
public final class Times {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private Times() {}

    /** A time with its offset. */
    public static Instant parse(String text) {
        Instant time = OffsetDateTime.parse(text).toInstant();
        if (time.isBefore(FIRST) || !time.isBefore(END)) {
            throw new DateTimeException("out of range");
        }
        return time;
    }

    /** A time, or a day, which stands for its beginning in UTC. */
    public static Instant parseTimeOrDay(String text) {
        return text.length() > "2026-11-24".length()
                ? parse(text)
                : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
