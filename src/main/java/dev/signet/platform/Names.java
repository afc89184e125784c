package dev.signet.platform;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;

/** What a name may be made of, so that none can be mistaken for another (after Unicode TR 36 and TR 39). */
final class Names {

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final Set<UnicodeScript> ALIKE =
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.CYRILLIC, UnicodeScript.GREEK);

    private Names() {}

    /** One spelling of the same text: composed (NFC), without white space around it. */
    static String clean(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).strip();
    }

    static boolean isClear(String name) {
        int[] points = name.codePoints().toArray();
        Set<UnicodeScript> word = EnumSet.noneOf(UnicodeScript.class);
        for (int i = 0; i < points.length; i++) {
            if (isHidden(points, i)) {
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

    private static boolean isHidden(int[] points, int at) {
        int point = points[at];
        if (point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER) {
            // they join emoji and shape some scripts; elsewhere they only hide
            return at == 0 || !isJoined(points[at - 1]) || at + 1 == points.length;
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> !isEmojiTag(point);
            // letters by their type, yet nothing to see
            default -> point == 0x115F || point == 0x1160 || point == 0x3164 || point == 0xFFA0 || point == 0x034F;
        };
    }

    private static boolean isJoined(int before) {
        UnicodeScript script = UnicodeScript.of(before);
        return Character.isEmoji(before)
                || script == UnicodeScript.INHERITED
                || (Character.isLetter(before) && script != UnicodeScript.COMMON && !ALIKE.contains(script));
    }

    /** The tags that spell out a flag, e.g. Scotland's. */
    private static boolean isEmojiTag(int point) {
        return point >= 0xE0020 && point <= 0xE007F;
    }
}
