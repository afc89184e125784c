package dev.signet.token;

import dev.signet.access.Caller;
import dev.signet.access.Permit;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.token.ApiToken.Status;
import dev.signet.token.TokenService.Issued;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Gives a token a new secret. The old one may work on for a grace, so that whoever holds it can change over without a pause;
 * never longer than the token itself, and never two of them.
 */
@Service
class RotationService {

    /** What a rotation is asked for: how long the old secret works on, and which request asks, if it has a key. */
    record Wanted(
            Duration grace,
            @Nullable IfMatch precondition,
            @Nullable IdempotencyKey request) {}

    private static final Duration LONGEST_GRACE = Duration.ofDays(7);

    private final TokenRepository tokens;
    private final TokenList list;
    private final Secrets secrets;
    private final Ceiling ceiling;
    private final AuditLog log;
    private final Clock clock;

    RotationService(
            TokenRepository tokens, TokenList list, Secrets secrets, Ceiling ceiling, AuditLog log, Clock clock) {
        this.tokens = tokens;
        this.list = list;
        this.secrets = secrets;
        this.ceiling = ceiling;
        this.log = log;
        this.clock = clock;
    }

    /** Who gets a token's secret can do all that it carries: the caller must hold that already. */
    @Transactional
    Issued rotate(Caller caller, String id, Wanted wanted) {
        TokenEntity token = forChange(caller, id);
        ApiToken before = list.get(caller.company(), id);
        TokenContent content = TokenContent.of(before, List.of());
        caller.permissions().mustHold(ceiling.carried(caller.company(), content));
        return rotate(Permit.of(caller, content.bounds()), token, before, wanted, secrets::replace);
    }

    /**
     * The token rotates itself. A secret in its grace can do so once more if the token made the next one itself and that was never
     * used: the response that carried it was lost. Then the unused one ends.
     */
    @Transactional
    Issued rotateSelf(Caller caller, Wanted wanted) {
        TokenEntity token = forChange(caller, Objects.requireNonNull(caller.token()));
        ApiToken before = list.get(caller.company(), token.id());
        return rotate(
                Permit.ofRenewal(caller), token, before, wanted, (id, grace) -> secrets.replaceOwn(caller, id, grace));
    }

    private Issued rotate(
            Permit permit, TokenEntity token, ApiToken before, Wanted wanted, BiConsumer<String, Duration> replaceOld) {
        Caller caller = permit.caller();
        if (wanted.grace.isNegative() || wanted.grace.compareTo(LONGEST_GRACE) > 0) {
            throw ProblemException.invalid("graceSeconds", "between", 0, LONGEST_GRACE.toSeconds());
        }
        if (isRepeated(caller, wanted.request)) {
            return new Issued(before, null);
        }
        IfMatch.check(wanted.precondition, before.version());
        if (before.status() == Status.revoked) {
            throw Problem.ALREADY_REVOKED.with();
        }
        if (before.status() != Status.active) {
            throw Problem.NOT_ACTIVE.with(before.status());
        }
        replaceOld.accept(token.id(), wanted.grace);
        Secret secret = secrets.issueNext(permit, token.id(), wanted.request);
        token.rotate(caller.user(), clock.instant());
        tokens.saveAndFlush(token);
        ApiToken after = list.get(caller.company(), token.id());
        log.changed(caller, Event.ROTATE, TokenService.MODEL, token.id(), before, after);
        return new Issued(after, secret);
    }

    /** Of two at the same moment, the second waits for the first. 422 if the key was used for a different rotation. */
    private boolean isRepeated(Caller caller, @Nullable IdempotencyKey request) {
        if (request == null) {
            return false;
        }
        tokens.lock("rotate " + caller.user() + " " + request.key());
        return secrets.isIssuedBefore(caller.user(), request);
    }

    /** Waits for whoever is changing the token: a revocation that comes first is seen. */
    private TokenEntity forChange(Caller caller, String id) {
        return tokens.forChange(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
    }
}
