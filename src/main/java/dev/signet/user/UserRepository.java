package dev.signet.user;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface UserRepository extends JpaRepository<UserEntity, String> {

    Optional<UserEntity> findByCompanyIdAndId(String companyId, String id);
}
