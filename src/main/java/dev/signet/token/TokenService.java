package dev.signet.token;

import dev.signet.access.Caller;
import dev.signet.access.Permit;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.avatar.AvatarService;
import dev.signet.channel.ChannelService;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Patch;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.role.RoleService;
import dev.signet.token.ApiToken.Status;
import dev.signet.user.UserService;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The life of API tokens. Nobody hands out what they do not hold: only revoking and switching off are free. */
@Service
class TokenService {

    /** What a new token is made of, and which request asks for it, if that said so. */
    record Wanted(
            String code, TokenContent content, @Nullable IdempotencyKey request) {}

    /** A token with its secret, this once; without it where the request had made the token before. */
    record Issued(ApiToken token, @Nullable Secret secret) {}

    static final String MODEL = "ApiToken";

    /** How many channels one request lets a bot join. */
    static final int MOST_CHANNELS = 100;

    private final TokenRepository tokens;
    private final Secrets secrets;
    private final Ceiling ceiling;
    private final Limits limits;
    private final UserService users;
    private final RoleService roles;
    private final AvatarService avatars;
    private final ChannelService channels;
    private final TokenList list;
    private final AuditLog log;
    private final Clock clock;

    TokenService(
            TokenRepository tokens,
            Secrets secrets,
            Ceiling ceiling,
            Limits limits,
            UserService users,
            RoleService roles,
            AvatarService avatars,
            ChannelService channels,
            TokenList list,
            AuditLog log,
            Clock clock) {
        this.tokens = tokens;
        this.secrets = secrets;
        this.ceiling = ceiling;
        this.limits = limits;
        this.users = users;
        this.roles = roles;
        this.avatars = avatars;
        this.channels = channels;
        this.list = list;
        this.log = log;
        this.clock = clock;
    }

    @Transactional
    Issued create(Caller caller, Wanted wanted) {
        ApiToken earlier = wanted.request() == null ? null : madeBefore(caller, wanted.request());
        return earlier == null ? make(caller, wanted) : new Issued(earlier, null);
    }

    @Transactional
    ApiToken edit(Caller caller, String id, @Nullable IfMatch precondition, Patch<TokenContent> patch) {
        TokenEntity token = forEdit(caller, id, patch);
        ApiToken before = list.get(caller.company(), id);
        TokenContent now = TokenContent.of(before, channels.channelsOf(before.user()));
        Set<String> carried = ceiling.carried(caller.company(), now);
        TokenContent edited =
                caller.permissions().reading(carried, () -> patch.onto(now).tidied());
        if (!edited.onlySwitchesOff(now)) {
            carried.addAll(ceiling.carried(caller.company(), edited));
            caller.permissions().mustHold(carried);
            // what an edit leaves as it was is not checked
            if (edited.givesMoreThan(now) || !edited.bounds().equals(now.bounds())) {
                caller.requireWithinBounds(edited.bounds());
            }
        }
        List<String> joined = edited.channelsBeyond(now);
        List<String> left = now.channelsBeyond(edited);
        channels.requireMayInvite(caller, joined);
        channels.requireMayRemove(caller, left);
        requireKnown(caller.company(), edited);
        channels.requireKnown(caller.company(), edited.channels());
        IfMatch.check(precondition, before.version());
        if (before.status() == Status.revoked) {
            throw Problem.ALREADY_REVOKED.with();
        }
        limits.check(caller.company(), now, edited);
        if (joined.size() > MOST_CHANNELS) {
            throw ProblemException.invalid("channels", "size", MOST_CHANNELS);
        }
        if (before.status() == Status.expired && !Objects.equals(edited.expiresAt(), now.expiresAt())) {
            // before the channels, as for a new token: two that lock both do not wait in a circle
            limits.requireRoom(caller.company());
        }
        channels.move(caller, before.user(), joined, left);
        // memberships are the channels' own: the token stays as it is
        if (edited.with(now.channels()).equals(now)) {
            return before;
        }
        token.edit(edited, caller.user(), clock.instant());
        tokens.saveAndFlush(token);
        users.editBot(caller.company(), before.user(), edited.userBotName(), edited.avatar(), edited.accessRoles());
        ApiToken after = list.get(caller.company(), id);
        log.changed(caller, Event.edited(before.isActive(), after.isActive()), MODEL, id, before, after);
        return after;
    }

    /** Ends the token for good. Again: unchanged. */
    @Transactional
    ApiToken revoke(Caller caller, String id, @Nullable IfMatch precondition, @Nullable String reason) {
        TokenEntity token = tokens.forChange(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
        ApiToken before = list.get(caller.company(), id);
        IfMatch.check(precondition, before.version());
        if (before.status() == Status.revoked) {
            return before;
        }
        token.revoke(ListQuery.presence(reason), caller.user(), clock.instant());
        tokens.saveAndFlush(token);
        users.retireBot(caller.company(), before.user());
        ApiToken after = list.get(caller.company(), id);
        log.changed(caller, Event.REVOKE, MODEL, id, before, after);
        return after;
    }

    /**
     * The token to edit. Two edits of it at once are a conflict by its version; but channels are not part of that, so an edit of
     * those locks the token. So does an edit that may lock the company: always the token first, then the company.
     */
    private TokenEntity forEdit(Caller caller, String id, Patch<TokenContent> patch) {
        boolean locks = patch.has("channels") || patch.has("expiresAt");
        return (locks ? tokens.forChange(caller.company(), id) : tokens.findByCompanyIdAndId(caller.company(), id))
                .orElseThrow(Problem.NOT_FOUND::with);
    }

    private Issued make(Caller caller, Wanted wanted) {
        String company = caller.company();
        TokenContent content = limits.completed(company, wanted.content().tidied());
        caller.permissions().mustHold(ceiling.carried(company, content));
        Permit permit = Permit.of(caller, content.bounds());
        channels.requireMayInvite(caller, content.channels());
        requireKnown(company, content);
        channels.requireKnown(company, content.channels());
        limits.check(company, null, content);
        limits.requireRoom(company);
        String bot = users.createBot(company, content.userBotName(), content.avatar(), content.accessRoles());
        TokenEntity token =
                new TokenEntity(company, bot, wanted.code(), content, wanted.request(), caller.user(), clock.instant());
        save(token);
        channels.move(caller, bot, content.channels(), List.of());
        Secret secret = secrets.issueFirst(permit, token.id());
        ApiToken made = list.get(company, token.id());
        log.changed(caller, Event.CREATE, MODEL, made.id(), null, made);
        return new Issued(made, secret);
    }

    /** The token that the same request of the same caller made. Two at the same moment come here one after the other. */
    private @Nullable ApiToken madeBefore(Caller caller, IdempotencyKey request) {
        tokens.lock(caller.user() + " " + request.key());
        return tokens.findByCreatedByAndIdempotencyKey(caller.user(), request.key())
                .map(token -> {
                    token.requireMadeBy(request);
                    return list.get(caller.company(), token.id());
                })
                .orElse(null);
    }

    private void requireKnown(String company, TokenContent content) {
        roles.requireKnown(company, "accessRoles", content.accessRoles());
        users.requireKnown(company, "impersonates", content.impersonates());
        avatars.requireKnown(company, content.avatar());
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
}
