package dev.signet.user;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface UserRepository extends JpaRepository<UserEntity, String> {

    Optional<UserEntity> findByCompanyIdAndId(String companyId, String id);

    List<UserEntity> findByCompanyIdAndIdIn(String companyId, Collection<String> ids);

    @Query("select u from User u where lower(u.email) = lower(:email) and not u.bot")
    Optional<UserEntity> findPerson(String email);
}
