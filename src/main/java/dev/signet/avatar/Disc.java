package dev.signet.avatar;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The coloured disc with initials. All of it stands in its address, so that it is never stored and never changes. */
final class Disc {

    /** Where there are no initials, as with a name of emoji alone. */
    private static final String NONE = "-";

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}]*");
    private static final Pattern INITIALS = Pattern.compile("[\\p{L}\\p{N}]{1,2}|" + NONE);
    private static final Pattern COLOUR = Pattern.compile("[0-9]|1[01]");

    /** White text has a contrast of at least 4.5 on each (WCAG 2.2, 1.4.3). */
    static final List<String> PALETTE = List.of(
            "#b42318", "#a8480b", "#8a5a00", "#5c6b00", "#2e7d32", "#00756a", "#00728f", "#1d63b8", "#4a55c4",
            "#7a48c0", "#9c3aa8", "#b52a6c");

    private Disc() {}

    static String address(String user, String displayName) {
        return "/avatars/initials/" + URLEncoder.encode(initials(displayName), StandardCharsets.UTF_8) + "/"
                + Math.floorMod(user.hashCode(), PALETTE.size()) + ".svg";
    }

    /** Whether those are the parts of an address that {@link #address} could have given. */
    static boolean isOne(String initials, String colour) {
        return INITIALS.matcher(initials).matches() && COLOUR.matcher(colour).matches();
    }

    /** The picture (SVG). Letters and digits mean nothing in XML, so that they need no escaping. */
    static String svg(String initials, String colour) {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">
                <circle cx="24" cy="24" r="24" fill="%s"/>
                <text x="24" y="24" fill="#fff" font-family="sans-serif" font-size="20" text-anchor="middle" dominant-baseline="central">%s</text>
                </svg>
                """.formatted(PALETTE.get(Integer.parseInt(colour)), initials.equals(NONE) ? "" : initials);
    }

    private static String initials(String displayName) {
        String initials = WORD.matcher(displayName)
                .results()
                .limit(2)
                .map(word ->
                        Character.toString(Character.toTitleCase(word.group().codePointAt(0))))
                .collect(Collectors.joining());
        return initials.isEmpty() ? NONE : initials;
    }
}
