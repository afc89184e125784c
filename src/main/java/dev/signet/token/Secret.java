package dev.signet.token;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The plain text of a token: {@code sgt_}, 12 base62 digits of public id, {@code _}, 43 base62 digits (256 random bits), 6
 * base62 digits of CRC-32 over all before them. Prints as asterisks; its text is asked for by name.
 */
final class Secret {

    static final String PREFIX = "sgt_";

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int PUBLIC_ID = 12;
    private static final int RANDOM_PART = 43;
    private static final int CHECKSUM = 6;
    private static final Pattern SHAPE = Pattern.compile("sgt_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    static Secret generate() {
        String body = PREFIX + random(PUBLIC_ID) + "_" + random(RANDOM_PART);
        return new Secret(body + checksum(body));
    }

    /** The secret, or null where the shape or the checksum is wrong: then no secret of ours was ever this text. */
    static @Nullable Secret parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            return null;
        }
        int end = text.length() - CHECKSUM;
        return checksum(text.substring(0, end)).equals(text.substring(end)) ? new Secret(text) : null;
    }

    /** The part that finds the row. Not secret. */
    String publicId() {
        return text.substring(PREFIX.length(), PREFIX.length() + PUBLIC_ID);
    }

    String plainText() {
        return text;
    }

    @Override
    public String toString() {
        return "***";
    }

    private static String random(int length) {
        StringBuilder digits = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            digits.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
        }
        return digits.toString();
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        char[] digits = new char[CHECKSUM];
        long rest = crc.getValue();
        for (int i = CHECKSUM - 1; i >= 0; i--) {
            digits[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
            rest /= DIGITS.length();
        }
        return new String(digits);
    }
}
