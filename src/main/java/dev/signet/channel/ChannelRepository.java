package dev.signet.channel;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface ChannelRepository extends JpaRepository<ChannelEntity, String> {

    @Query("select c.id from Channel c where c.companyId = :company and c.id in :ids")
    Set<String> findKnown(String company, Collection<String> ids);

    Optional<ChannelEntity> findByCompanyIdAndId(String companyId, String id);

    Optional<ChannelEntity> findByCreatedByAndIdempotencyKey(String createdBy, String idempotencyKey);

    /** Holds the lock until the transaction ends, so that two requests with the same key run one after the other. */
    @Query(value = "select pg_advisory_xact_lock(hashtextextended(:what, 0))", nativeQuery = true)
    Object lock(String what);

    /** Waits for whoever is changing it. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select c from Channel c where c.companyId = :company and c.id = :id")
    Optional<ChannelEntity> forChange(String company, String id);
}
