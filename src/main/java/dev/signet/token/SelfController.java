package dev.signet.token;

import dev.signet.access.Caller;
import dev.signet.access.InGrace;
import dev.signet.access.Refuses;
import dev.signet.access.SignedIn;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.One;
import dev.signet.platform.Problem;
import dev.signet.token.TokenController.IssuedToken;
import dev.signet.token.TokenController.Revocation;
import dev.signet.token.TokenController.Rotation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What the calling API token may do with itself, whatever its access roles. A person's session is no token: 404. */
@RestController
@Tag(name = "API tokens")
@RequestMapping("/api/v2/apitokens/self")
class SelfController {

    /** A lost answer must not end the bot: the old secret works for five minutes more. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private final TokenService tokens;
    private final RotationService rotations;
    private final TokenList list;
    private final JsonMapper json;

    SelfController(TokenService tokens, RotationService rotations, TokenList list, JsonMapper json) {
        this.tokens = tokens;
        this.rotations = rotations;
        this.list = list;
        this.json = json;
    }

    @GetMapping
    @SignedIn
    @Refuses(Problem.NOT_FOUND)
    @Operation(operationId = "getOwnApiToken", summary = "Gives the calling API token; a person has none, 404")
    ResponseEntity<One<ApiToken>> get(Caller caller) {
        return One.ok(list.get(caller.company(), token(caller)));
    }

    /** In its grace, a secret may do so if the response to its last rotation was lost: see {@link RotationService#rotateSelf}. */
    @PostMapping("/rotate")
    @InGrace
    @SignedIn
    @Refuses({
        Problem.NOT_FOUND,
        Problem.SECRET_REPLACED,
        Problem.ALREADY_REVOKED,
        Problem.NOT_ACTIVE,
        Problem.CONFLICT,
        Problem.STALE,
        Problem.KEY_REUSED
    })
    @Operation(
            operationId = "rotateOwnApiToken",
            summary = "Gives the calling API token a new secret; unless told otherwise the old one works 300 s more")
    ResponseEntity<One<IssuedToken>> rotate(
            Caller caller,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @Parameter(description = TokenController.KEY_OF_ROTATION)
                    @RequestHeader(name = IdempotencyKey.HEADER, required = false)
                    @Nullable
                    String key,
            @Valid @RequestBody(required = false) @Nullable Rotation rotation) {
        return IssuedToken.rotated(
                rotations.rotateSelf(caller, Rotation.wanted(rotation, GRACE, token(caller), precondition, key, json)));
    }

    @PostMapping("/revoke")
    @InGrace
    @SignedIn
    @Refuses({Problem.NOT_FOUND, Problem.CONFLICT, Problem.STALE})
    @Operation(operationId = "revokeOwnApiToken", summary = "Revokes the calling API token for good")
    ResponseEntity<One<ApiToken>> revoke(
            Caller caller,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @Valid @RequestBody(required = false) @Nullable Revocation revocation) {
        return One.ok(tokens.revoke(caller, token(caller), precondition, Revocation.reasonOf(revocation)));
    }

    private static String token(Caller caller) {
        if (caller.token() == null) {
            throw Problem.NOT_FOUND.with();
        }
        return caller.token();
    }
}
