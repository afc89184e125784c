package dev.signet.user;

import dev.signet.platform.Problem;
import dev.signet.platform.RepeatableRepository;
import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface UserRepository extends JpaRepository<UserEntity, String>, RepeatableRepository<UserEntity> {

    Optional<UserEntity> findByCompanyIdAndId(String companyId, String id);

    List<UserEntity> findByCompanyIdAndIdIn(String companyId, Collection<String> ids);

    Optional<UserEntity> findByEmailKeyAndBotFalse(String emailKey);

    /** Holds the row until the transaction ends. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select u from User u where u.companyId = :company and u.id = :id")
    Optional<UserEntity> lock(String company, String id);

    /** Whether an active person other than that one has the role. */
    @Query(value = """
                    select exists (select from users
                                   where company_id = :company and id <> :but and not is_bot and is_active
                                     and access_roles @> array[cast(:role as text)])
                    """, nativeQuery = true)
    boolean isAnotherPersonWith(String company, String role, String but);

    /** Writes it now. 409 where an account has the e-mail already. */
    default void write(UserEntity user) {
        try {
            saveAndFlush(user);
        } catch (DataIntegrityViolationException e) {
            if (String.valueOf(e.getMessage()).contains("users_email_key")) {
                throw Problem.EMAIL_TAKEN.with();
            }
            throw e;
        }
    }
}
