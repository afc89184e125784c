package dev.signet.platform;

import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a request creates that its sender may repeat: stored with the sender and the sender's {@code Idempotency-Key}. */
@MappedSuperclass
@SuppressWarnings("UnusedVariable") // the repository's query reads them
public abstract class Repeatable extends Stored {

    private @Nullable String createdBy;

    private @Nullable String idempotencyKey;
    private byte @Nullable [] requestDigest;

    /** @param createdBy the sender, or null if no request created it */
    protected Repeatable(Instant now, @Nullable String createdBy, @Nullable IdempotencyKey request) {
        super(now);
        this.createdBy = createdBy;
        this.idempotencyKey = request == null ? null : request.key();
        this.requestDigest = request == null ? null : request.digest();
    }

    /** For JPA, which fills the fields. */
    protected Repeatable() {}

    /** Rejects with 422 a request that asks for something else under the same key. */
    final void requireCreatedBy(IdempotencyKey request) {
        request.requireSame(Objects.requireNonNull(requestDigest));
    }
}
