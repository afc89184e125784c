package dev.signet.role;

import dev.signet.platform.RepeatableRepository;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface RoleRepository extends JpaRepository<RoleEntity, String>, RepeatableRepository<RoleEntity> {

    Optional<RoleEntity> findByCompanyIdAndId(String companyId, String id);

    RoleEntity findByCompanyIdAndLockedTrue(String companyId);

    List<RoleEntity> findByCompanyIdAndIdIn(String companyId, Collection<String> ids);
}
