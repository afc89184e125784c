package dev.signet.session;

import dev.signet.platform.KeyRegistry;
import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * What the refresh cookie holds: a session, the generation of its secret, the id of a key, and its MAC over the first two.
 * Nothing of it needs keeping but the generation, and a secret that was replaced is known as such, however old. Cookies that
 * were issued by earlier versions name no key: any of the node's keys may have made them.
 */
record RefreshSecret(String session, int generation) {

    private static final Pattern SHAPE =
            Pattern.compile("([0-9a-f]{24})\\.(\\d{1,9})(?:\\.([0-9a-f]{8}))?\\.([0-9a-f]{64})");

    String text(Keys keys) {
        return content() + "." + keys.currentId() + "." + mac(keys.current(Purpose.REFRESH_SECRET));
    }

    /** The secret, or null where it is none of ours. */
    static @Nullable RefreshSecret parse(String text, KeyRegistry keys) {
        Matcher parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        RefreshSecret secret = new RefreshSecret(parts.group(1), Integer.parseInt(parts.group(2)));
        byte[] given = parts.group(4).getBytes(StandardCharsets.US_ASCII);
        return candidates(parts.group(3), keys).stream()
                        .anyMatch(key ->
                                MessageDigest.isEqual(given, secret.mac(key).getBytes(StandardCharsets.US_ASCII)))
                ? secret
                : null;
    }

    private static List<SecretKey> candidates(@Nullable String keyId, KeyRegistry keys) {
        if (keyId == null) {
            return keys.all(Purpose.REFRESH_SECRET);
        }
        SecretKey key = keys.ofSignature(keyId, Purpose.REFRESH_SECRET);
        return key == null ? List.of() : List.of(key);
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
