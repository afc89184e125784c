package dev.signet.platform;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What may come in, wherever it does. */
public final class Input {

    /** The largest JSON body, in bytes. */
    public static final int LARGEST_JSON = 64 * 1024;

    /** The largest JSON body of callers who are not known yet, in bytes. */
    public static final int LARGEST_SIGN_IN = 8 * 1024;

    /** The largest picture, in bytes. */
    public static final int LARGEST_PICTURE = 2 * 1024 * 1024;

    private Input() {}

    /** Neither NUL, which PostgreSQL cannot store, nor half of a surrogate pair, which no UTF-8 can carry. */
    public static boolean isStorable(String text) {
        return text.indexOf('\0') < 0
                && text.codePoints()
                        .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** A header's value as its sender wrote it: the container reads every byte as one character of ISO 8859-1. */
    public static String header(String value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return value;
        }
    }
}
