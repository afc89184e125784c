package dev.signet.session;

import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * What the refresh cookie holds: a session, the generation of its secret, and a MAC over both. Nothing of it needs keeping
 * but the generation, and a secret that was replaced is known as such, however old.
 */
record RefreshSecret(String session, int generation) {

    private static final Pattern SHAPE = Pattern.compile("([0-9a-f]{24})\\.(\\d{1,9})\\.([0-9a-f]{64})");

    String text(Keys keys) {
        return content() + "." + mac(keys.current(Purpose.REFRESH_SECRET));
    }

    /** The secret, or null where it is none of ours. */
    static @Nullable RefreshSecret parse(String text, Keys keys) {
        Matcher parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        RefreshSecret secret = new RefreshSecret(parts.group(1), Integer.parseInt(parts.group(2)));
        byte[] given = parts.group(3).getBytes(StandardCharsets.US_ASCII);
        for (String id : keys.ids()) {
            SecretKey key = keys.find(id, Purpose.REFRESH_SECRET);
            if (key != null && MessageDigest.isEqual(given, secret.mac(key).getBytes(StandardCharsets.US_ASCII))) {
                return secret;
            }
        }
        return null;
    }

    RefreshSecret next() {
        return new RefreshSecret(session, generation + 1);
    }

    private String mac(SecretKey key) {
        return HexFormat.of().formatHex(Keys.mac(key, content()));
    }

    private String content() {
        return session + "." + generation;
    }

    @Override
    public String toString() {
        return "***";
    }
}
