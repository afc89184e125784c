package dev.signet.token;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.token.ApiToken.Status;
import dev.signet.token.TokenService.Issued;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Gives a token a new secret. The old one may work on for a grace, so that whoever holds it can change over without a pause;
 * never longer than the token itself, and never two of them.
 */
@Service
class RotationService {

    private static final Duration LONGEST_GRACE = Duration.ofDays(7);

    private final TokenRepository tokens;
    private final TokenList list;
    private final Secrets secrets;
    private final Ceiling ceiling;
    private final Limits limits;
    private final AuditLog log;
    private final Clock clock;

    RotationService(
            TokenRepository tokens,
            TokenList list,
            Secrets secrets,
            Ceiling ceiling,
            Limits limits,
            AuditLog log,
            Clock clock) {
        this.tokens = tokens;
        this.list = list;
        this.secrets = secrets;
        this.ceiling = ceiling;
        this.limits = limits;
        this.log = log;
        this.clock = clock;
    }

    /** Who gets a token's secret can do all that it carries: the caller must hold that already. */
    @Transactional
    Issued rotate(Caller caller, String id, Duration grace) {
        TokenEntity token = forChange(caller, id);
        ApiToken before = list.get(caller.company(), id);
        TokenContent content = TokenContent.of(before);
        caller.permissions().mustHold(ceiling.carried(caller.company(), content));
        limits.requireWithinOwn(caller, null, content);
        return rotate(caller, token, before, grace);
    }

    /** The token rotates itself. A secret that was replaced already cannot: whoever has the new one is the bot now. */
    @Transactional
    Issued rotateSelf(Caller caller, Duration grace) {
        TokenEntity token = forChange(caller, Objects.requireNonNull(caller.token()));
        if (secrets.isReplaced(caller.credential())) {
            throw Problem.SECRET_REPLACED.with();
        }
        return rotate(caller, token, list.get(caller.company(), token.id()), grace);
    }

    private Issued rotate(Caller caller, TokenEntity token, ApiToken before, Duration grace) {
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw ProblemException.invalid("graceSeconds", "between", 0, LONGEST_GRACE.toSeconds());
        }
        if (before.status() == Status.revoked) {
            throw Problem.ALREADY_REVOKED.with();
        }
        if (before.status() != Status.active) {
            throw Problem.NOT_ACTIVE.with(before.status());
        }
        Instant now = clock.instant();
        secrets.replace(token.id(), grace);
        Secret secret = secrets.issue(token.id(), now);
        token.rotate(caller.user(), now);
        tokens.saveAndFlush(token);
        ApiToken after = list.get(caller.company(), token.id());
        log.changed(caller, Event.ROTATE, TokenService.MODEL, token.id(), before, after);
        return new Issued(after, secret);
    }

    /** Waits for whoever is changing the token: a revocation that comes first is seen. */
    private TokenEntity forChange(Caller caller, String id) {
        return tokens.forChange(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
    }
}
