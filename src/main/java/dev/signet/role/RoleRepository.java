package dev.signet.role;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface RoleRepository extends JpaRepository<RoleEntity, String> {

    Optional<RoleEntity> findByCompanyIdAndId(String companyId, String id);

    RoleEntity findByCompanyIdAndLockedTrue(String companyId);

    List<RoleEntity> findByCompanyIdAndIdIn(String companyId, Collection<String> ids);
}
