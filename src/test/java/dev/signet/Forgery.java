package dev.signet;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Well-formed texts that are nobody's secret: whoever reads the contract can make them. */
public final class Forgery {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private Forgery() {}

    /** A secret with a right checksum, under a public id that exists or not. */
    public static String secret(String publicId) {
        String body = "sgt_" + publicId + "_" + "A".repeat(43);
        return body + checksum(body);
    }

    /** The public id of a secret. */
    public static String publicId(String secret) {
        return secret.substring(4, 16);
    }

    /** CRC-32 of the text in six base62 digits. */
    public static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        StringBuilder digits = new StringBuilder();
        for (long rest = crc.getValue(); digits.length() < 6; rest /= DIGITS.length()) {
            digits.insert(0, DIGITS.charAt((int) (rest % DIGITS.length())));
        }
        return digits.toString();
    }
}
