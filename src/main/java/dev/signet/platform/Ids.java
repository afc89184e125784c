package dev.signet.platform;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Ids of 24 hex digits: 8 of the Unix second (as in a MongoDB ObjectId, which clients may read a time from), then 10 bits of
 * the millisecond, so that ids sort by time, then 54 random bits, so that none can be guessed.
 */
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BITS = 54;
    private static final Pattern SHAPE = Pattern.compile("[0-9a-fA-F]{24}");

    private Ids() {}

    /** The id as it is stored. A text that is no id stays as it is. */
    public static String lowercase(String text) {
        return SHAPE.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : text;
    }

    public static String next(Instant now) {
        long millisecond = now.getNano() / 1_000_000;
        long rest = millisecond << RANDOM_BITS | RANDOM.nextLong() >>> (Long.SIZE - RANDOM_BITS);
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(now.getEpochSecond(), 8) + hex.toHexDigits(rest);
    }
}
