package dev.signet.platform;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Query;

/** The part of a repository that finds what an earlier request with the same {@code Idempotency-Key} created. */
public interface RepeatableRepository<E extends Repeatable> {

    Optional<E> findByCreatedByAndIdempotencyKey(String createdBy, String idempotencyKey);

    /** Waits until no other transaction holds the lock of that name; holds it until this transaction ends. */
    @Query(value = "select pg_advisory_xact_lock(hashtextextended(:name, 0))", nativeQuery = true)
    Object lock(String name);

    /**
     * What the same request of the same sender created before. Of two at the same moment, the second waits for the first. 422
     * if the key was used for a different request.
     */
    default Optional<E> createdBefore(String sender, @Nullable IdempotencyKey request) {
        if (request == null) {
            return Optional.empty();
        }
        lock(sender + " " + request.key());
        Optional<E> earlier = findByCreatedByAndIdempotencyKey(sender, request.key());
        earlier.ifPresent(created -> created.requireCreatedBy(request));
        return earlier;
    }
}
