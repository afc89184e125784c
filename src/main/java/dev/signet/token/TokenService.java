package dev.signet.token;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.avatar.AvatarService;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Lists;
import dev.signet.platform.Name;
import dev.signet.platform.Page;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import dev.signet.role.RoleService;
import dev.signet.token.ApiToken.Status;
import dev.signet.user.UserService;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The life of API tokens. Nobody hands out what they do not hold: only revoking and switching off are free. */
@Service
class TokenService {

    /** What of a token can be written, again and again. Its code is chosen once. */
    @Schema(name = "ApiTokenEdit")
    record Content(
            @NotBlank @Name String name,
            @Nullable @Size(max = 500) String description,
            @NotBlank @Name String userBotName,
            @Nullable String avatar,
            @NotEmpty @Size(max = 50) List<@NotNull String> accessRoles,
            @NotNull Boolean isActive,
            @Nullable Instant expiresAt) {

        static Content of(ApiToken token) {
            return new Content(
                    token.name(),
                    token.description(),
                    token.userBotName(),
                    token.avatar().id(),
                    token.accessRoles(),
                    token.isActive(),
                    token.expiresAt());
        }

        Content tidied() {
            return new Content(
                    name,
                    ListQuery.presence(description),
                    userBotName,
                    avatar,
                    List.copyOf(new LinkedHashSet<>(accessRoles)),
                    isActive,
                    expiresAt);
        }

        boolean onlySwitchesOff(Content before) {
            return !isActive
                    && equals(new Content(
                            before.name,
                            before.description,
                            before.userBotName,
                            before.avatar,
                            before.accessRoles,
                            false,
                            before.expiresAt));
        }
    }

    /** What the list of tokens can be asked besides. */
    record Filter(
            @Nullable List<Status> status,
            @Nullable String accessRole,
            @Nullable String createdBy,
            @Nullable Instant expiresBefore) {

        Filter {
            accessRole = ListQuery.presence(accessRole);
            createdBy = ListQuery.presence(createdBy);
        }
    }

    /** A token with its secret, this once. */
    record Issued(ApiToken token, Secret secret) {}

    private static final String MODEL = "ApiToken";

    private final TokenRepository tokens;
    private final Secrets secrets;
    private final UserService users;
    private final RoleService roles;
    private final AvatarService avatars;
    private final Lists lists;
    private final AuditLog log;
    private final Clock clock;

    TokenService(
            TokenRepository tokens,
            Secrets secrets,
            UserService users,
            RoleService roles,
            AvatarService avatars,
            Lists lists,
            AuditLog log,
            Clock clock) {
        this.tokens = tokens;
        this.secrets = secrets;
        this.users = users;
        this.roles = roles;
        this.avatars = avatars;
        this.lists = lists;
        this.log = log;
        this.clock = clock;
    }

    ApiToken get(String company, String id) {
        return lists.find(TokenList.LISTED, company, id).orElseThrow(Problem.NOT_FOUND::with);
    }

    Page<ApiToken> list(String company, ListQuery query, Filter filter) {
        if (filter.accessRole() != null) {
            roles.requireKnown(company, "accessRole", filter.accessRole());
        }
        if (filter.createdBy() != null) {
            users.requireKnown(company, "createdBy", filter.createdBy());
        }
        return lists.page(
                TokenList.LISTED,
                company,
                query,
                where -> where.and(TokenList.STATUS + " in (:status)", "status", TokenList.words(filter.status()))
                        .and("u.access_roles @> array[cast(:accessRole as text)]", "accessRole", filter.accessRole())
                        .and("t.created_by = :createdBy", "createdBy", filter.createdBy())
                        .and(
                                "t.expires_at < :expiresBefore",
                                "expiresBefore",
                                Rows.timeOrNull(filter.expiresBefore())));
    }

    @Transactional
    Issued create(Caller caller, String code, Content wanted) {
        Content content = wanted.tidied();
        caller.permissions().mustHold(roles.permissionsOf(caller.company(), content.accessRoles()));
        roles.requireKnown(caller.company(), "accessRoles", content.accessRoles());
        avatars.requireKnown(caller.company(), content.avatar());
        Instant now = clock.instant();
        requireFuture(content.expiresAt(), now);
        String bot = users.createBot(caller.company(), content.userBotName(), content.avatar(), content.accessRoles());
        TokenEntity token = new TokenEntity(caller.company(), bot, code, content, caller.user(), now);
        save(token);
        Secret secret = secrets.issue(token.id(), now);
        ApiToken made = get(caller.company(), token.id());
        log.changed(caller, Event.CREATE, MODEL, made.id(), null, made);
        return new Issued(made, secret);
    }

    @Transactional
    ApiToken edit(Caller caller, String id, @Nullable IfMatch precondition, UnaryOperator<Content> change) {
        TokenEntity token = tokens.findByCompanyIdAndId(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
        ApiToken before = get(caller.company(), id);
        Content now = Content.of(before);
        Set<String> carried = new TreeSet<>(roles.permissionsOf(caller.company(), now.accessRoles()));
        Content edited =
                caller.permissions().reading(carried, () -> change.apply(now).tidied());
        if (!edited.onlySwitchesOff(now)) {
            carried.addAll(roles.permissionsOf(caller.company(), edited.accessRoles()));
            caller.permissions().mustHold(carried);
        }
        IfMatch.check(precondition, before.version());
        roles.requireKnown(caller.company(), "accessRoles", edited.accessRoles());
        avatars.requireKnown(caller.company(), edited.avatar());
        if (before.status() == Status.revoked) {
            throw Problem.ALREADY_REVOKED.with();
        }
        if (!Objects.equals(edited.expiresAt(), now.expiresAt())) {
            requireFuture(edited.expiresAt(), clock.instant());
        }
        if (edited.equals(now)) {
            return before;
        }
        token.edit(edited, caller.user(), clock.instant());
        tokens.saveAndFlush(token);
        users.editBot(caller.company(), before.user(), edited.userBotName(), edited.avatar(), edited.accessRoles());
        ApiToken after = get(caller.company(), id);
        log.changed(caller, Event.edited(before.isActive(), after.isActive()), MODEL, id, before, after);
        return after;
    }

    /** Ends the token for good. Again: unchanged. */
    @Transactional
    ApiToken revoke(Caller caller, String id, @Nullable String reason) {
        TokenEntity token = tokens.lock(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
        ApiToken before = get(caller.company(), id);
        if (before.status() == Status.revoked) {
            return before;
        }
        token.revoke(ListQuery.presence(reason), caller.user(), clock.instant());
        tokens.saveAndFlush(token);
        users.retireBot(caller.company(), before.user());
        ApiToken after = get(caller.company(), id);
        log.changed(caller, Event.REVOKE, MODEL, id, before, after);
        return after;
    }

    private void save(TokenEntity token) {
        try {
            tokens.saveAndFlush(token);
        } catch (DataIntegrityViolationException e) {
            if (String.valueOf(e.getMessage()).contains("api_tokens_code")) {
                throw Problem.CODE_TAKEN.with();
            }
            throw e;
        }
    }

    private static void requireFuture(@Nullable Instant expiresAt, Instant now) {
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw ProblemException.invalid("expiresAt", "past");
        }
    }
}
