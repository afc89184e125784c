package dev.signet.channel;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface ChannelRepository extends JpaRepository<ChannelEntity, String> {

    boolean existsByCompanyIdAndId(String companyId, String id);

    Optional<ChannelEntity> findByCompanyIdAndId(String companyId, String id);

    /** Waits for whoever is changing it. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select c from Channel c where c.companyId = :company and c.id = :id")
    Optional<ChannelEntity> forChange(String company, String id);
}
