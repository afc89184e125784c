package dev.signet.channel;

import java.util.Collection;
import java.util.Set;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface ChannelRepository extends JpaRepository<ChannelEntity, String> {

    @Query("select c.id from Channel c where c.companyId = :company and c.id in :ids")
    Set<String> findKnown(String company, Collection<String> ids);
}
