package dev.signet.platform;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text as people search and sort it: without case or accents, whatever the database's locale. Letters that Unicode does not
 * decompose become the ones that people type instead.
 */
public final class Folded {

    private static final int LONGEST = 254;
    private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");
    private static final Pattern LIKE = Pattern.compile("[\\\\%_]");

    private static final Map<String, String> LETTERS = Map.ofEntries(
            Map.entry("ß", "ss"),
            Map.entry("æ", "ae"),
            Map.entry("œ", "oe"),
            Map.entry("þ", "th"),
            Map.entry("ø", "o"),
            Map.entry("ł", "l"),
            Map.entry("đ", "d"),
            Map.entry("ð", "d"),
            Map.entry("ħ", "h"),
            Map.entry("ŧ", "t"),
            Map.entry("ŋ", "n"),
            Map.entry("ı", "i"),
            Map.entry("ς", "σ"));
    private static final Pattern LETTER = Pattern.compile("[" + String.join("", LETTERS.keySet()) + "]");

    private Folded() {}

    /** The folded parts, a space between them. What is listed sorts by the first. */
    public static String text(String... parts) {
        return Arrays.stream(parts).map(Folded::part).collect(Collectors.joining(" "));
    }

    /** A LIKE pattern that finds the text anywhere. */
    public static String pattern(String search) {
        return "%" + LIKE.matcher(fold(search.strip())).replaceAll("\\\\$0") + "%";
    }

    /** One character may fold into many; beyond what a name has, more finds nothing better. */
    private static String part(String text) {
        String folded = fold(text);
        return folded.length() <= LONGEST ? folded : folded.substring(0, folded.offsetByCodePoints(0, LONGEST / 2));
    }

    private static String fold(String text) {
        String lower = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        return LETTER.matcher(lower).replaceAll(letter -> LETTERS.get(letter.group()));
    }
}
