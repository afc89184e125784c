package dev.signet.platform;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What a name may be made of, so that none can be mistaken for another (after Unicode TR 36 and TR 39). */
public final class Names {

    static final int LONGEST = 80;

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int EMOJI_STYLE = 0xFE0F;
    private static final int KEYCAP = 0x20E3;
    private static final int BLACK_FLAG = 0x1F3F4;

    private static final Pattern SPACE = Pattern.compile("\\p{Zs}");

    private static final Set<UnicodeScript> ALIKE =
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.CYRILLIC, UnicodeScript.GREEK);

    /** Their letters join or stack, and a joiner between two of them is seen. */
    private static final Set<UnicodeScript> SHAPED = EnumSet.of(
            UnicodeScript.ARABIC,
            UnicodeScript.SYRIAC,
            UnicodeScript.MONGOLIAN,
            UnicodeScript.DEVANAGARI,
            UnicodeScript.BENGALI,
            UnicodeScript.GURMUKHI,
            UnicodeScript.GUJARATI,
            UnicodeScript.ORIYA,
            UnicodeScript.TAMIL,
            UnicodeScript.TELUGU,
            UnicodeScript.KANNADA,
            UnicodeScript.MALAYALAM,
            UnicodeScript.SINHALA,
            UnicodeScript.MYANMAR,
            UnicodeScript.KHMER);

    private Names() {}

    /** Whether it can be somebody's or something's name, once it is clean. */
    public static boolean isName(String text) {
        String name = clean(text);
        return !name.isEmpty() && name.codePointCount(0, name.length()) <= LONGEST && isClear(name);
    }

    /** One spelling of the same text: composed (NFC), with one kind of space and none around it. */
    public static String clean(String name) {
        return SPACE.matcher(Normalizer.normalize(name, Normalizer.Form.NFC))
                .replaceAll(" ")
                .strip();
    }

    static boolean isClear(String name) {
        int[] points = name.codePoints().toArray();
        Set<UnicodeScript> word = EnumSet.noneOf(UnicodeScript.class);
        for (int i = 0; i < points.length; i++) {
            if (isHidden(points, i) || isUnknown(points[i])) {
                return false;
            }
            UnicodeScript script = UnicodeScript.of(points[i]);
            if (ALIKE.contains(script)) {
                word.add(script);
            } else if (!Character.isLetterOrDigit(points[i]) && script != UnicodeScript.INHERITED) {
                word.clear();
            }
            if (word.size() > 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is something to see in the text: not only spaces, format characters and blank letters. */
    public static boolean hasVisible(String text) {
        return text.codePoints().anyMatch(Names::isVisible);
    }

    /** Whether a character of the text is invisible where it stands; a joiner between two emoji is not. */
    public static boolean hidesAny(String text) {
        int[] points = text.codePoints().toArray();
        return IntStream.range(0, points.length).anyMatch(at -> isHidden(points, at));
    }

    private static boolean isVisible(int point) {
        return !Character.isWhitespace(point)
                && !Character.isSpaceChar(point)
                && !isVariation(point)
                && !isIgnorable(point)
                && !isBlank(point);
    }

    /** What no font draws, by its type; and the places that Unicode keeps for more of it. */
    private static boolean isIgnorable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                point == 0x2065 || (point >= 0xFFF0 && point <= 0xFFF8) || (point >= 0xE0000 && point <= 0xE0FFF);
        };
    }

    /** Drawn differently by each font, or not yet in Unicode: nobody can tell what it looks like. */
    private static boolean isUnknown(int point) {
        int type = Character.getType(point);
        return type == Character.PRIVATE_USE || type == Character.UNASSIGNED;
    }

    private static boolean isHidden(int[] points, int at) {
        int point = points[at];
        int before = at == 0 ? 0 : points[at - 1];
        int after = at + 1 == points.length ? 0 : points[at + 1];
        if (point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER) {
            return !isJoint(base(points, at - 1), point, after);
        }
        if (isVariation(point)) {
            return !hasVariations(before, point, after);
        }
        if (isTag(point)) {
            return before != BLACK_FLAG && !isTag(before);
        }
        return isIgnorable(point) || isBlank(point);
    }

    /** Where a joiner is seen: between two emoji, or between two letters of a script that it shapes. */
    private static boolean isJoint(int before, int joiner, int after) {
        if (isPictured(before)) {
            return joiner == ZERO_WIDTH_JOINER && isPictured(after);
        }
        UnicodeScript script = UnicodeScript.of(before);
        return SHAPED.contains(script) && UnicodeScript.of(after) == script;
    }

    /** What the marks up to there stand on; nothing behind a joiner. */
    private static int base(int[] points, int last) {
        int at = last;
        while (at > 0 && UnicodeScript.of(points[at]) == UnicodeScript.INHERITED) {
            if (points[at] == ZERO_WIDTH_JOINER || points[at] == ZERO_WIDTH_NON_JOINER) {
                return 0;
            }
            at--;
        }
        return at < 0 ? 0 : points[at];
    }

    private static boolean isPictured(int point) {
        return Character.isExtendedPictographic(point) || Character.isEmojiModifier(point);
    }

    private static boolean isVariation(int point) {
        return (point >= 0xFE00 && point <= EMOJI_STYLE)
                || (point >= 0xE0100 && point <= 0xE01EF)
                || (point >= 0x180B && point <= 0x180F);
    }

    private static boolean hasVariations(int before, int variation, int after) {
        if (variation == EMOJI_STYLE) {
            return isPictured(before) || (Character.isEmoji(before) && after == KEYCAP);
        }
        UnicodeScript script = UnicodeScript.of(before);
        return variation < 0xFE00 ? script == UnicodeScript.MONGOLIAN : script == UnicodeScript.HAN;
    }

    /** The tags that spell out a flag, e.g. Scotland's. */
    private static boolean isTag(int point) {
        return point >= 0xE0020 && point <= 0xE007F;
    }

    /** Letters or signs by their type, yet nothing to see. */
    private static boolean isBlank(int point) {
        return switch (point) {
            case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x1D159 -> true;
            default -> false;
        };
    }
}
