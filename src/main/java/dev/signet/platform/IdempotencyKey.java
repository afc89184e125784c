package dev.signet.platform;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a sender calls a request ({@code Idempotency-Key}, draft-ietf-httpapi-idempotency-key-header), so that its repetition
 * makes nothing twice. It is kept with the thing that was made, beside a digest of what was asked.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by requireSame alone
public record IdempotencyKey(String key, byte[] digest) {

    public static final String HEADER = "Idempotency-Key";

    private static final Pattern PRINTABLE = Pattern.compile("[ -~]{1,128}");

    /**
     * The header's key and the digest of the body, or null without the header. The body's record sets its defaults in its
     * constructor, so that a default written out and an absent field are the same body.
     */
    public static @Nullable IdempotencyKey of(@Nullable String header, Record asked, JsonMapper json) {
        if (header == null) {
            return null;
        }
        if (!PRINTABLE.matcher(header).matches()) {
            throw ProblemException.invalid(HEADER, "idempotency_key");
        }
        // a field that has its default counts as absent, so that a later version with more fields still knows the
        // request
        ObjectNode fields = json.valueToTree(asked);
        ObjectNode defaults = json.valueToTree(json.readValue("{}", asked.getClass()));
        defaults.propertyStream().forEach(field -> {
            if (field.getValue().equals(fields.get(field.getKey()))) {
                fields.remove(field.getKey());
            }
        });
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(fields));
            return new IdempotencyKey(header, digest);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Refuses with 422 where the key stood for another request. */
    public void requireSame(byte[] kept) {
        if (!Arrays.equals(digest, kept)) {
            throw Problem.KEY_REUSED.with();
        }
    }
}
