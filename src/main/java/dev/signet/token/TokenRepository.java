package dev.signet.token;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface TokenRepository extends JpaRepository<TokenEntity, String> {

    Optional<TokenEntity> findByCompanyIdAndId(String companyId, String id);

    /** Waits for whoever is changing it: a revocation is never lost to an edit. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select t from ApiToken t where t.companyId = :company and t.id = :id")
    Optional<TokenEntity> forChange(String company, String id);

    Optional<TokenEntity> findByCreatedByAndIdempotencyKey(String createdBy, String idempotencyKey);

    /** Waits for whoever is doing the same at this moment, until their transaction has ended. */
    @Query(value = "select pg_advisory_xact_lock(hashtextextended(:what, 0))", nativeQuery = true)
    Object lock(String what);
}
