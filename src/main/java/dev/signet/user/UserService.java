package dev.signet.user;

import dev.signet.access.Caller;
import dev.signet.access.Permissions;
import dev.signet.avatar.Avatar;
import dev.signet.company.Company;
import dev.signet.platform.Listed;
import dev.signet.platform.Listed.Sort;
import dev.signet.platform.Lists;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import dev.signet.role.RoleService;
import dev.signet.user.User.FullName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** People and bots. Who changes what is logged by those who call: a bot's changes are its token's. */
@Service
public class UserService {

    private static final String IMPERSONATE = "messages-impersonate";

    private static final Listed<User> LISTED = new Listed<>(
            "select t.*, c.display_name as company_name",
            " from users t join companies c on c.id = t.company_id",
            "t.is_active",
            true,
            Map.of("modified", Sort.time("t.modified_at")),
            UserService::row);

    private final UserRepository users;
    private final RoleService roles;
    private final Lists lists;
    private final Clock clock;

    UserService(UserRepository users, RoleService roles, Lists lists, Clock clock) {
        this.users = users;
        this.roles = roles;
        this.lists = lists;
        this.clock = clock;
    }

    public User get(String company, String id) {
        return lists.find(LISTED, company, id).orElseThrow(Problem.NOT_FOUND::with);
    }

    /** Refuses an id that is not the company's: 400 at the field, the same for another company's and for none. */
    public void requireKnown(String company, String field, String id) {
        if (lists.find(LISTED, company, id).isEmpty()) {
            throw ProblemException.invalid(field, "unknown_id");
        }
    }

    /** The same for several. */
    public void requireKnown(String company, String field, List<String> ids) {
        Set<String> known = users.findByCompanyIdAndIdIn(company, ids).stream()
                .map(UserEntity::id)
                .collect(Collectors.toSet());
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        for (int i = 0; i < ids.size(); i++) {
            if (!known.contains(ids.get(i))) {
                refusal.field(field + "[" + i + "]", "unknown_id");
            }
        }
        refusal.throwIfAny();
    }

    /** All that the users carry, switched-off roles counted as on. */
    public Set<String> permissionsOf(String company, List<String> ids) {
        List<String> held = users.findByCompanyIdAndIdIn(company, ids).stream()
                .flatMap(user -> user.accessRoles().stream())
                .distinct()
                .toList();
        return roles.permissionsOf(company, held);
    }

    /** What the user may do now. */
    public Permissions effective(String company, String id) {
        User user = get(company, id);
        return user.isActive() ? new Permissions(roles.effective(company, user.accessRoles())) : Permissions.NONE;
    }

    /** The caller as that person: where the token may act for them, they are active, and with what both hold now. */
    public Caller actFor(Caller caller, String person) {
        if (person.equals(caller.user())) {
            return caller;
        }
        if (!caller.impersonates().contains(person)) {
            throw Problem.CANNOT_ACT_FOR.with();
        }
        caller.permissions().mustHold(Set.of(IMPERSONATE));
        return lists.find(LISTED, caller.company(), person)
                .filter(User::isActive)
                .map(user -> caller.actingFor(person, effective(caller.company(), person)))
                .orElseThrow(Problem.CANNOT_ACT_FOR::with);
    }

    /** The person with that e-mail, whatever its case and company. */
    public Optional<User> findPerson(String email) {
        return users.findPerson(email).map(person -> get(person.companyId(), person.id()));
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public User createPerson(String company, String email, FullName name, List<String> accessRoles) {
        UserEntity made = users.saveAndFlush(new UserEntity(company, email, name, accessRoles, clock.instant()));
        return get(company, made.id());
    }

    /** Makes the bot that a token speaks as and gives its id. */
    @Transactional(propagation = Propagation.MANDATORY)
    public String createBot(String company, String displayName, @Nullable String avatar, List<String> accessRoles) {
        return users.saveAndFlush(new UserEntity(company, displayName, avatar, accessRoles, clock.instant()))
                .id();
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void editBot(
            String company, String id, String displayName, @Nullable String avatar, List<String> accessRoles) {
        bot(company, id).become(displayName, avatar, accessRoles, clock.instant());
        users.flush();
    }

    /** Switches a bot off, for good: its history stays. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void retireBot(String company, String id) {
        bot(company, id).deactivate(clock.instant());
        users.flush();
    }

    private UserEntity bot(String company, String id) {
        return users.findByCompanyIdAndId(company, id).orElseThrow();
    }

    private static User row(ResultSet row, int number) throws SQLException {
        return new User(
                row.getString("id"),
                row.getString("email"),
                new FullName(
                        row.getString("display_name"),
                        row.getString("names"),
                        row.getString("last_name"),
                        row.getString("second_last_name")),
                row.getString("job_title"),
                Avatar.of(row.getString("avatar_id"), row.getString("id"), row.getString("display_name")),
                row.getBoolean("is_bot"),
                row.getBoolean("is_active"),
                Rows.texts(row, "access_roles"),
                new Company(row.getString("company_id"), row.getString("company_name")),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "modified_at"),
                row.getLong("version"));
    }
}
