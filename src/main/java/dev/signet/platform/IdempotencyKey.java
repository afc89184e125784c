package dev.signet.platform;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
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

    /** The header's key for what the body asks, or null where none was sent. */
    public static @Nullable IdempotencyKey of(@Nullable String header, Record asked, JsonMapper json) {
        if (header == null) {
            return null;
        }
        if (!PRINTABLE.matcher(header).matches()) {
            throw ProblemException.invalid(HEADER, "idempotency_key");
        }
        // what was not asked is left out, so that a later version with more to ask still knows the request
        ObjectNode fields = json.valueToTree(asked);
        fields.removeIf(JsonNode::isNull);
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
