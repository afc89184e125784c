package dev.signet.channel;

import org.springframework.data.jpa.repository.JpaRepository;

interface ChannelRepository extends JpaRepository<ChannelEntity, String> {

    boolean existsByCompanyIdAndId(String companyId, String id);
}
