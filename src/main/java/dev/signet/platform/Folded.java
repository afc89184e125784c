package dev.signet.platform;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text as people search and sort it: without case or accents, whatever the database's locale. */
public final class Folded {

    private static final int LONGEST = 254;
    private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");
    private static final Pattern LIKE = Pattern.compile("[\\\\%_]");

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
        return MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
    }
}
