package dev.signet.message;

import dev.signet.platform.Names;
import dev.signet.platform.ProblemException;
import java.util.regex.Pattern;

/**
 * A reaction: an emoji, or any short word without spaces.
 *
 * @param emoji as it was sent
 * @param base without variation selectors, which only choose how an emoji is drawn: &#x2764; and &#x2764;&#xFE0F; are one
 *     reaction
 */
record Reaction(String emoji, String base) {

    private static final int LONGEST = 32;

    /** Stands for bytes in a path that are no text. */
    private static final int REPLACEMENT = 0xFFFD;

    private static final Pattern VARIATION = Pattern.compile("[\\uFE0E\\uFE0F]");

    /** Rejects what is too long, has a space, or hides a character. */
    static Reaction of(String emoji) {
        String base = VARIATION.matcher(emoji).replaceAll("");
        if (emoji.codePointCount(0, emoji.length()) > LONGEST
                || !Names.hasVisible(base)
                || Names.hidesAny(base)
                || base.codePoints().anyMatch(Reaction::isSpace)) {
            throw ProblemException.invalid("emoji", "emoji", LONGEST);
        }
        return new Reaction(emoji, base);
    }

    private static boolean isSpace(int point) {
        return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == REPLACEMENT;
    }
}
