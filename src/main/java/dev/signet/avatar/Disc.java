package dev.signet.avatar;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The coloured disc with initials. All of it stands in its address, so that it is never stored and never changes. */
final class Disc {

    private static final int COLOURS = 12;

    private Disc() {}

    static String address(String user, String displayName) {
        return "/avatars/initials/" + URLEncoder.encode(initials(displayName), StandardCharsets.UTF_8) + "/"
                + Math.floorMod(user.hashCode(), COLOURS) + ".svg";
    }

    private static String initials(String displayName) {
        return Stream.of(displayName.split("[^\\p{L}\\p{N}]+", -1))
                .filter(word -> !word.isEmpty())
                .limit(2)
                .map(word -> word.substring(0, word.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
