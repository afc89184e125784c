package dev.signet.user;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.avatar.AvatarService;
import dev.signet.company.CompanyService;
import dev.signet.platform.Created;
import dev.signet.platform.Email;
import dev.signet.platform.EmailAddress;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Name;
import dev.signet.platform.ObjectId;
import dev.signet.platform.Problem;
import dev.signet.role.RoleService;
import dev.signet.user.User.FullName;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The life of people. Nobody hands out what they do not hold, nor takes over an account that holds more: only name, job title
 * and avatar are free.
 */
@Service
public class PersonService {

    /** The editable fields of a person. */
    @Schema(name = "UserEdit")
    record Content(
            @NotNull @Email String email,
            @NotNull @Valid FullName name,
            @ObjectId @NotNull @Size(max = 50) List<@NotNull String> accessRoles,
            @NotNull Boolean isActive,
            @Schema(example = "Analyst") @Nullable @Name String jobTitle,
            @Nullable @ObjectId String avatar) {

        static Content of(User person) {
            return new Content(
                    person.email(),
                    person.name(),
                    person.accessRoles(),
                    person.isActive(),
                    person.jobTitle(),
                    person.avatar().id());
        }

        Content after(Content before) {
            return new Content(emailAfter(before), name.after(before.name), accessRoles, isActive, jobTitle, avatar)
                    .tidied();
        }

        /** An address is read in its canonical form. One that was stored in another form is still the same address. */
        private String emailAfter(Content before) {
            return email.equals(EmailAddress.canonical(before.email)) ? before.email : email;
        }

        Content tidied() {
            return new Content(
                    email,
                    name,
                    List.copyOf(new LinkedHashSet<>(accessRoles)),
                    isActive,
                    ListQuery.presence(jobTitle),
                    avatar);
        }

        /** Whether more differs than what is free. */
        boolean reaches(Content before) {
            return !email.equals(before.email)
                    || !accessRoles.equals(before.accessRoles)
                    || !isActive.equals(before.isActive);
        }
    }

    private static final String MODEL = "User";

    private final UserRepository repository;
    private final UserService users;
    private final RoleService roles;
    private final CompanyService companies;
    private final AvatarService avatars;
    private final AuditLog log;
    private final Clock clock;

    PersonService(
            UserRepository repository,
            UserService users,
            RoleService roles,
            CompanyService companies,
            AvatarService avatars,
            AuditLog log,
            Clock clock) {
        this.repository = repository;
        this.users = users;
        this.roles = roles;
        this.companies = companies;
        this.avatars = avatars;
        this.log = log;
        this.clock = clock;
    }

    /** Creates a person, who cannot sign in until they are given a password. A repeated request creates nobody twice. */
    @Transactional
    Created<User> create(Caller caller, Content content, @Nullable IdempotencyKey request) {
        return repository
                .createdBefore(caller.user(), request)
                .map(person -> new Created<>(users.get(caller.company(), person.id()), true))
                .orElseGet(() -> new Created<>(createNew(caller, content, request), false));
    }

    private User createNew(Caller caller, Content content, @Nullable IdempotencyKey request) {
        caller.permissions().mustHold(roles.permissionsOf(caller.company(), content.accessRoles()));
        requireKnown(caller.company(), content);
        UserEntity person = new UserEntity(caller.company(), content, caller.user(), request, clock.instant());
        repository.write(person);
        User made = users.get(caller.company(), person.id());
        log.changed(caller, Event.CREATE, MODEL, made.id(), null, made);
        return made;
    }

    /** Makes the first person of a company, in the transaction that makes and logs both. */
    @Transactional(propagation = Propagation.MANDATORY)
    public User createFirst(String company, String email, FullName name, List<String> accessRoles) {
        UserEntity person = new UserEntity(
                company, new Content(email, name, accessRoles, true, null, null), null, null, clock.instant());
        repository.write(person);
        return users.get(company, person.id());
    }

    @Transactional
    User edit(Caller caller, String id, @Nullable IfMatch precondition, UnaryOperator<Content> change) {
        UserEntity person =
                repository.findByCompanyIdAndId(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
        User before = users.get(caller.company(), id);
        Content now = Content.of(before);
        Set<String> carried = new TreeSet<>(roles.permissionsOf(caller.company(), now.accessRoles()));
        Content edited =
                caller.permissions().reading(carried, () -> change.apply(now).after(now));
        if (edited.reaches(now)) {
            carried.addAll(roles.permissionsOf(caller.company(), edited.accessRoles()));
            caller.permissions().mustHold(carried);
        }
        requirePerson(before);
        requireKnown(caller.company(), edited);
        IfMatch.check(precondition, before.version());
        if (edited.equals(now)) {
            return before;
        }
        requireAdministrator(caller.company(), before, edited);
        person.edit(edited, clock.instant());
        repository.write(person);
        User after = users.get(caller.company(), id);
        log.changed(caller, Event.edited(before.isActive(), after.isActive()), MODEL, id, before, after);
        return after;
    }

    /**
     * Rejects callers who may not take over this account, accounts that are bots, and a precondition that fails. Locks the
     * row, so that the result holds until the transaction ends.
     */
    @Transactional
    public void requireMayTakeOver(Caller caller, String id, @Nullable IfMatch precondition) {
        User user = lock(caller.company(), id);
        caller.permissions().mustHold(roles.permissionsOf(caller.company(), user.accessRoles()));
        requirePerson(user);
        IfMatch.check(precondition, user.version());
    }

    /** Rejects a precondition that fails for this user. Locks the row, like {@link #requireMayTakeOver}. */
    @Transactional
    public void requireUnchanged(String company, String id, @Nullable IfMatch precondition) {
        IfMatch.check(precondition, lock(company, id).version());
    }

    private User lock(String company, String id) {
        UserEntity locked = repository.lock(company, id).orElseThrow(Problem.NOT_FOUND::with);
        return users.get(company, locked.id());
    }

    private static void requirePerson(User user) {
        if (user.isBot()) {
            throw Problem.MANAGED_BY_TOKEN.with();
        }
    }

    private void requireKnown(String company, Content content) {
        roles.requireKnown(company, "accessRoles", content.accessRoles());
        avatars.requireKnown(company, content.avatar());
    }

    /** The last active person who can do everything stays one. Who else is one is asked by one transaction after the other. */
    private void requireAdministrator(String company, User before, Content edited) {
        String fullAdmin = roles.fullAdmin(company);
        boolean was = before.isActive() && before.accessRoles().contains(fullAdmin);
        boolean stays = edited.isActive() && edited.accessRoles().contains(fullAdmin);
        if (was && !stays) {
            companies.lock(company);
            if (!repository.isAnotherPersonWith(company, fullAdmin, before.id())) {
                throw Problem.LAST_ADMINISTRATOR.with();
            }
        }
    }
}
