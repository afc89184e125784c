package dev.signet.platform;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as callers write them: ISO 8601 with an offset, in a year of four digits, which all that read it can keep. */
public final class Times {

    private static final int LAST_YEAR = 9999;
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /** As times stand on the wire: UTC, always to the millisecond. */
    public static String text(Instant time) {
        return FORMAT.format(time);
    }

    /** Throws a {@link DateTimeException} for any other text. */
    public static Instant parse(String text) {
        return kept(OffsetDateTime.parse(text).toInstant());
    }

    /** Refuses what PostgreSQL or a list's order could not keep. */
    public static Instant kept(Instant time) {
        int year = time.atOffset(ZoneOffset.UTC).getYear();
        if (year < 1 || year > LAST_YEAR) {
            throw new DateTimeException("no year of four digits");
        }
        return time;
    }
}
