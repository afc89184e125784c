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
    Optional<TokenEntity> lock(String company, String id);
}
