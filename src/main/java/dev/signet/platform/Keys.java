package dev.signet.platform;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys from outside the database. The first makes digests and signatures, all verify; each purpose has its own key,
 * derived by HKDF-SHA-256 (RFC 5869). A key is named by its id, eight hex digits that tell nothing of the key.
 */
public final class Keys {

    /** What a derived key is good for. The words are part of the derivation: changing one orphans what it made. */
    public enum Purpose {
        API_TOKEN("api token digest"),
        ACCESS_TOKEN("access token signature"),
        REFRESH_SECRET("refresh secret");

        private final String label;

        Purpose(String label) {
            this.label = label;
        }
    }

    private static final int SHORTEST = 32;
    private static final String MAC = "HmacSHA256";

    private final SequencedMap<String, Map<Purpose, SecretKey>> keys = new LinkedHashMap<>();

    private Keys(List<byte[]> materials) {
        materials.forEach(material -> keys.put(HexFormat.of().formatHex(idOf(material)), derive(material)));
    }

    /**
     * Reads {@code SIGNET_KEYS}: base64 of at least 32 bytes each, newest first, comma between.
     *
     * @throws StartRefusedException naming the position of a key that is short or not base64, never the key
     */
    public static Keys parse(String text) {
        List<byte[]> materials = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            materials.add(decode(part.strip(), materials.size() + 1));
        }
        return new Keys(materials);
    }

    /** The id of the key that makes what is made now. */
    public String currentId() {
        return keys.firstEntry().getKey();
    }

    /** The ids of all keys, newest first. */
    public Set<String> ids() {
        return keys.sequencedKeySet();
    }

    /** The key of that id for that purpose, or null where no such key is configured. */
    public @Nullable SecretKey find(String id, Purpose purpose) {
        Map<Purpose, SecretKey> derived = keys.get(id);
        return derived == null ? null : derived.get(purpose);
    }

    /** The keys for that purpose, newest first. */
    List<SecretKey> all(Purpose purpose) {
        return keys.sequencedValues().stream()
                .map(derived -> keyOf(derived, purpose))
                .toList();
    }

    /** The key that makes what is made now. */
    public SecretKey current(Purpose purpose) {
        return keyOf(keys.firstEntry().getValue(), purpose);
    }

    /** HMAC-SHA-256 of the text's UTF-8 bytes. */
    public static byte[] mac(SecretKey key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    @Override
    public String toString() {
        return "Keys" + keys.keySet();
    }

    private static byte[] decode(String part, int position) {
        byte[] material;
        try {
            material = Base64.getDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw refused("key " + position + " is not base64");
        }
        if (material.length < SHORTEST) {
            throw refused(
                    "key " + position + " has " + material.length + " bytes; at least " + SHORTEST + " are needed");
        }
        return material;
    }

    private static StartRefusedException refused(String what) {
        return new StartRefusedException(
                "SIGNET_KEYS cannot be used: " + what + ".",
                "Give base64 of at least 32 random bytes for each key, newest first, a comma between them. "
                        + "One is made by: openssl rand -base64 32");
    }

    private static Map<Purpose, SecretKey> derive(byte[] material) {
        Map<Purpose, SecretKey> derived = new EnumMap<>(Purpose.class);
        for (Purpose purpose : Purpose.values()) {
            try {
                derived.put(purpose, KDF.getInstance("HKDF-SHA256").deriveKey(MAC, hkdf(material, purpose.label)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        return derived;
    }

    private static byte[] idOf(byte[] material) {
        try {
            byte[] id = KDF.getInstance("HKDF-SHA256").deriveData(hkdf(material, "key id"));
            return Arrays.copyOf(id, 4);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HKDFParameterSpec hkdf(byte[] material, String label) {
        return HKDFParameterSpec.ofExtract()
                .addIKM(material)
                .thenExpand(("signet " + label).getBytes(StandardCharsets.UTF_8), 32);
    }

    private static SecretKey keyOf(Map<Purpose, SecretKey> derived, Purpose purpose) {
        return Objects.requireNonNull(derived.get(purpose));
    }
}
