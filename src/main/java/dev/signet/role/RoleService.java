package dev.signet.role;

import dev.signet.access.Caller;
import dev.signet.access.Permissions;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.platform.Created;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Listed;
import dev.signet.platform.Listed.Sort;
import dev.signet.platform.Lists;
import dev.signet.platform.Name;
import dev.signet.platform.Page;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
public class RoleService {

    /** The editable fields of a role. */
    @Schema(name = "AccessRoleEdit")
    record Content(
            @Schema(example = "Token reader") @NotBlank @Name
            String name,

            @Nullable @Size(max = 500) String description,
            @NotNull @Size(max = 100) List<@NotNull String> permissions,
            @NotNull Boolean active) {

        Content tidied() {
            return new Content(
                    name, ListQuery.presence(description), List.copyOf(new LinkedHashSet<>(permissions)), active);
        }
    }

    private static final String MODEL = "AccessRole";

    private static final Listed<AccessRole> LISTED = new Listed<>(
            "select t.*",
            " from access_roles t",
            "t.active",
            true,
            Map.of(
                    "name", Sort.text("t.search"),
                    "created", Sort.time("t.created_at"),
                    "modified", Sort.time("t.modified_at")),
            (row, number) -> new AccessRole(
                    row.getString("id"),
                    row.getString("name"),
                    row.getString("description"),
                    Rows.texts(row, "permissions"),
                    row.getBoolean("active"),
                    row.getString("company_id"),
                    Rows.instant(row, "created_at"),
                    Rows.instant(row, "modified_at"),
                    row.getLong("version")));

    private final RoleRepository roles;
    private final Lists lists;
    private final AuditLog log;
    private final Clock clock;

    RoleService(RoleRepository roles, Lists lists, AuditLog log, Clock clock) {
        this.roles = roles;
        this.lists = lists;
        this.log = log;
        this.clock = clock;
    }

    AccessRole get(String company, String id) {
        return lists.find(LISTED, company, id).orElseThrow(Problem.NOT_FOUND::with);
    }

    Page<AccessRole> list(String company, ListQuery query) {
        return lists.page(LISTED, company, query, filters -> {});
    }

    /** Creates a role. A repeated request creates it once. */
    @Transactional
    Created<AccessRole> create(Caller caller, Content content, @Nullable IdempotencyKey request) {
        return roles.createdBefore(caller.user(), request)
                .map(role -> new Created<>(role.seen(), true))
                .orElseGet(() -> new Created<>(createNew(caller, content, request), false));
    }

    private AccessRole createNew(Caller caller, Content content, @Nullable IdempotencyKey request) {
        mustHold(caller, content.permissions());
        AccessRole made = roles.saveAndFlush(new RoleEntity(
                        caller.company(), checked(content), false, caller.user(), request, clock.instant()))
                .seen();
        log.changed(caller, Event.CREATE, MODEL, made.id(), null, made);
        return made;
    }

    @Transactional
    AccessRole edit(Caller caller, String id, @Nullable IfMatch precondition, UnaryOperator<Content> change) {
        RoleEntity role = roles.findByCompanyIdAndId(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
        AccessRole before = role.seen();
        Content now = new Content(before.name(), before.description(), before.permissions(), before.active());
        Content edited = caller.permissions().reading(now.permissions(), () -> change.apply(now));
        if (!edited.permissions().equals(now.permissions()) || !edited.active().equals(now.active())) {
            mustHold(caller, both(now.permissions(), edited.permissions()));
        }
        if (role.isLocked()) {
            throw Problem.LOCKED_ROLE.with();
        }
        IfMatch.check(precondition, before.version());
        Content checked = checked(edited);
        if (checked.equals(now)) {
            return before;
        }
        role.edit(checked, clock.instant());
        AccessRole after = roles.saveAndFlush(role).seen();
        log.changed(caller, Event.edited(before.active(), after.active()), MODEL, id, before, after);
        return after;
    }

    /** Seeds a new company's roles and gives the one that can do everything. */
    @Transactional(propagation = Propagation.MANDATORY)
    public AccessRole seed(String company) {
        seed(company, "read admin", List.of("admin-access", "admin-*-read"), false);
        seed(company, "default", List.of("messages-read", "messages-write"), false);
        seed(company, "bot-default", List.of("messages-read", "messages-write"), false);
        return seed(company, "full admin", List.of(Permissions.ALL), true);
    }

    /** Refuses ids that are not the company's: 400 at their place, the same for another company's and for none. */
    public void requireKnown(String company, String field, List<String> ids) {
        Set<String> known = roles.findByCompanyIdAndIdIn(company, ids).stream()
                .map(RoleEntity::id)
                .collect(Collectors.toSet());
        ProblemException.requireKnown(field, ids, known);
    }

    /** The same for one id. */
    public void requireKnown(String company, String field, String id) {
        if (roles.findByCompanyIdAndId(company, id).isEmpty()) {
            throw ProblemException.invalid(field, "unknown_id");
        }
    }

    /** The id of the seeded role that can do everything. */
    public String fullAdmin(String company) {
        return roles.findByCompanyIdAndLockedTrue(company).id();
    }

    /** All that the roles carry, switched-off ones counted as on. */
    public Set<String> permissionsOf(String company, List<String> ids) {
        return roles.findByCompanyIdAndIdIn(company, ids).stream()
                .flatMap(role -> role.seen().permissions().stream())
                .collect(Collectors.toSet());
    }

    /** What the roles give now: those that are switched off give nothing. */
    public Set<String> effective(String company, List<String> ids) {
        return roles.findByCompanyIdAndIdIn(company, ids).stream()
                .map(RoleEntity::seen)
                .filter(AccessRole::active)
                .flatMap(role -> role.permissions().stream())
                .collect(Collectors.toSet());
    }

    private AccessRole seed(String company, String name, List<String> permissions, boolean locked) {
        Content content = new Content(name, null, permissions, true);
        return roles.saveAndFlush(new RoleEntity(company, content, locked, null, null, clock.instant()))
                .seen();
    }

    /** What is no permission at all cannot be held; it is refused as such, further on. */
    private static void mustHold(Caller caller, Collection<String> permissions) {
        caller.permissions()
                .mustHold(permissions.stream().filter(Permissions::isPermission).toList());
    }

    private static Content checked(Content content) {
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        List<String> permissions = content.permissions();
        for (int i = 0; i < permissions.size(); i++) {
            if (!Permissions.isPermission(permissions.get(i))) {
                refusal.field("permissions[" + i + "]", "permission");
            }
        }
        refusal.throwIfAny();
        return content.tidied();
    }

    private static Set<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toCollection(TreeSet::new));
    }
}
