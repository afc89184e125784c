package dev.signet.user;

import dev.signet.access.Caller;
import dev.signet.access.Permissions;
import dev.signet.platform.EmailAddress;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Lists;
import dev.signet.platform.Page;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.role.RoleService;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** People and bots. What changes of a bot is logged by those who call: it is its token's. */
@Service
public class UserService {

    private static final String IMPERSONATE = "messages-impersonate";

    /** A bot acts only while its API token could: what the bot itself may not do, nobody does for it. */
    private static final String MAY_ACT = """
            t.is_active and not exists (
                select from api_tokens k
                where k.user_id = t.id and (not k.is_active or k.revoked_at is not null or k.expires_at <= now()))""";

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
        return lists.find(UserList.LISTED, company, id).orElseThrow(Problem.NOT_FOUND::with);
    }

    Page<User> list(String company, ListQuery query, UserList.Filter filter) {
        if (filter.accessRole() != null) {
            roles.requireKnown(company, "accessRole", filter.accessRole());
        }
        return lists.page(
                UserList.LISTED,
                company,
                query,
                where -> where.and("t.is_bot = :bot", "bot", filter.bot())
                        .and("t.email_key in (:emailKeys)", "emailKeys", filter.emailKeys())
                        .and("t.access_roles @> array[cast(:accessRole as text)]", "accessRole", filter.accessRole())
                        .and("t.id in (:id)", "id", filter.id()));
    }

    /** Refuses an id that is not the company's: 400 at the field, the same for another company's and for none. */
    public void requireKnown(String company, String field, String id) {
        if (lists.find(UserList.LISTED, company, id).isEmpty()) {
            throw ProblemException.invalid(field, "unknown_id");
        }
    }

    /** The same for several. */
    public void requireKnown(String company, String field, List<String> ids) {
        Set<String> known = users.findByCompanyIdAndIdIn(company, ids).stream()
                .map(UserEntity::id)
                .collect(Collectors.toSet());
        ProblemException.requireKnown(field, ids, known);
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
        return lists.find(UserList.LISTED, caller.company(), person, where -> where.and(MAY_ACT))
                .map(user -> caller.actingFor(person, effective(caller.company(), person)))
                .orElseThrow(Problem.CANNOT_ACT_FOR::with);
    }

    /** The person with that e-mail address, in any spelling and any company. */
    public Optional<User> findPerson(String email) {
        return users.findByEmailKeyAndBotFalse(EmailAddress.key(email))
                .map(person -> get(person.companyId(), person.id()));
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
}
