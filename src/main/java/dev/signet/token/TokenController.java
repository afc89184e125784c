package dev.signet.token;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.signet.access.Caller;
import dev.signet.access.InGrace;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.platform.Code;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Name;
import dev.signet.platform.Network;
import dev.signet.platform.ObjectId;
import dev.signet.platform.One;
import dev.signet.platform.Page;
import dev.signet.platform.Patch;
import dev.signet.platform.Problem;
import dev.signet.platform.SortsBy;
import dev.signet.platform.Versioned;
import dev.signet.token.TokenService.Issued;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "API tokens")
@RequestMapping("/api/v2/apitokens")
class TokenController {

    record NewToken(
            @Schema(example = "Alfredo") @NotBlank @Name String name,
            @Schema(example = "alfredo") @NotNull @Code String code,
            @Schema(example = "Alfredo bot") @NotBlank @Name String userBotName,

            @Schema(example = "[\"6b0527c4cc10076c97460db1\"]") @ObjectId @NotEmpty @Size(max = 50)
            List<@NotNull String> accessRoles,

            @Schema(description = "the _id of an uploaded avatar") @Nullable @ObjectId
            String avatar,

            @Nullable @Size(max = 500) String description,

            @Schema(description = "in the future; absent, the company's policy decides") @Nullable
            Instant expiresAt,

            @Schema(example = "[\"203.0.113.0/24\"]", description = "empty: from anywhere") @Nullable @Size(max = 50)
            List<@NotNull @Network String> allowedIps,

            @Schema(description = "users that the token may act for") @Nullable @ObjectId @Size(max = 100)
            List<@NotNull String> impersonates,

            @Schema(description = "channels that the bot user becomes a member of") @Nullable @ObjectId @Size(max = 100)
            List<@NotNull String> channels,

            @Nullable Boolean isActive) {

        NewToken {
            description = ListQuery.presence(description);
            allowedIps = Objects.requireNonNullElse(allowedIps, List.of());
            impersonates = Objects.requireNonNullElse(impersonates, List.of());
            channels = Objects.requireNonNullElse(channels, List.of());
            isActive = Objects.requireNonNullElse(isActive, true);
        }

        @SuppressWarnings("NullAway") // the constructor leaves no default out
        TokenService.Wanted wanted(@Nullable IdempotencyKey request) {
            return new TokenService.Wanted(
                    code,
                    new TokenContent(
                            name,
                            description,
                            userBotName,
                            avatar,
                            accessRoles,
                            impersonates,
                            isActive,
                            expiresAt,
                            allowedIps,
                            channels),
                    request);
        }
    }

    /** The one answer that carries a secret; none where a repeated request made the token before. */
    record IssuedToken(
            @JsonUnwrapped ApiToken apiToken,
            @JsonIgnore @Nullable Secret secret) implements Versioned {

        @Override
        @JsonIgnore
        public String id() {
            return apiToken.id();
        }

        @Override
        @JsonIgnore
        public long version() {
            return apiToken.version();
        }

        static IssuedToken of(Issued issued) {
            return new IssuedToken(issued.token(), issued.secret());
        }

        /** 200 with the new secret, or without one for a repeated request. */
        static ResponseEntity<One<IssuedToken>> rotated(Issued issued) {
            return issued.secret() == null
                    ? One.replayed(issued.token(), of(issued))
                    : One.ok(issued.token(), of(issued));
        }

        @JsonProperty
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String token() {
            return secret == null ? null : secret.plainText();
        }
    }

    record Revocation(
            @Schema(example = "no longer needed") @Nullable @Size(max = 500)
            String reason) {

        static @Nullable String reasonOf(@Nullable Revocation revocation) {
            return revocation == null ? null : revocation.reason;
        }
    }

    record Rotation(
            @Schema(example = "300", description = "seconds that the old secret works on, from 0 to 604800 (7 days)")
            @Nullable
            Integer graceSeconds) {

        static Duration grace(@Nullable Rotation rotation, Duration usual) {
            return rotation == null || rotation.graceSeconds == null
                    ? usual
                    : Duration.ofSeconds(rotation.graceSeconds);
        }

        /** The rotation that the request asks for, of that token, with the usual grace where it names none. */
        static RotationService.Wanted wanted(
                @Nullable Rotation rotation,
                Duration usual,
                String token,
                @Nullable IfMatch precondition,
                @Nullable String key,
                JsonMapper json) {
            Duration grace = grace(rotation, usual);
            return new RotationService.Wanted(
                    grace, precondition, IdempotencyKey.of(key, new KeyedRotation(token, grace.toSeconds()), json));
        }
    }

    /** What an {@code Idempotency-Key} of a rotation stands for. */
    record KeyedRotation(@Nullable String token, @Nullable Long graceSeconds) {}

    record ApiTokens(
            List<ApiToken> apiTokens,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long count,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String nextCursor) {}

    static final String KEY_OF_ROTATION =
            "repeated with the same body, the token is rotated once; at most 128 printable characters";

    private final TokenService tokens;
    private final RotationService rotations;
    private final TokenList list;
    private final JsonMapper json;

    TokenController(TokenService tokens, RotationService rotations, TokenList list, JsonMapper json) {
        this.tokens = tokens;
        this.rotations = rotations;
        this.list = list;
        this.json = json;
    }

    @GetMapping
    @Needs("admin-apitokens-read")
    @Operation(operationId = "listApiTokens", summary = "Lists API tokens, revoked and expired ones too")
    @SortsBy({"code", "created", "expires", "lastUsed", "modified", "name"})
    ResponseEntity<One<ApiTokens>> list(
            Caller caller, @Valid @ParameterObject ListQuery query, @Valid @ParameterObject TokenList.Filter filter) {
        Page<ApiToken> page = list.page(caller.company(), query, filter);
        return page.answer(new ApiTokens(page.items(), page.count(), page.nextCursor()));
    }

    @GetMapping("/{id}")
    @Needs("admin-apitokens-read")
    @Operation(operationId = "getApiToken", summary = "Gives an API token, never its secret")
    ResponseEntity<One<ApiToken>> get(Caller caller, @PathVariable String id) {
        return One.ok(list.get(caller.company(), id));
    }

    @PostMapping
    @Needs("admin-apitokens-write")
    @Refuses({
        Problem.WIDER_THAN_OWN,
        Problem.CODE_TAKEN,
        Problem.DIRECT_CHANNEL,
        Problem.TOO_MANY_TOKENS,
        Problem.KEY_REUSED
    })
    @Operation(
            operationId = "createApiToken",
            summary = "Makes an API token and its bot user; its secret is in this answer alone")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<One<IssuedToken>> create(
            Caller caller,
            @Parameter(
                            description =
                                    "repeated with the same body it makes nothing twice; at most 128 printable characters")
                    @RequestHeader(name = IdempotencyKey.HEADER, required = false)
                    @Nullable
                    String key,
            @Valid @RequestBody NewToken token) {
        Issued issued = tokens.create(caller, token.wanted(IdempotencyKey.of(key, token, json)));
        return issued.secret() == null
                ? One.replayed(issued.token(), IssuedToken.of(issued))
                : One.created(issued.token(), IssuedToken.of(issued));
    }

    @PatchMapping("/{id}")
    @Needs("admin-apitokens-write")
    @Refuses({
        Problem.WIDER_THAN_OWN,
        Problem.ALREADY_REVOKED,
        Problem.DIRECT_CHANNEL,
        Problem.TOO_MANY_TOKENS,
        Problem.CONFLICT,
        Problem.STALE
    })
    @Operation(operationId = "editApiToken", summary = "Edits an API token; counts from the very next request")
    ResponseEntity<One<ApiToken>> edit(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @RequestBody Patch<TokenContent> patch) {
        return One.ok(tokens.edit(caller, id, precondition, patch));
    }

    @PostMapping("/{id}/rotate")
    @Needs("admin-apitokens-write")
    @Refuses({
        Problem.WIDER_THAN_OWN,
        Problem.ALREADY_REVOKED,
        Problem.NOT_ACTIVE,
        Problem.CONFLICT,
        Problem.STALE,
        Problem.KEY_REUSED
    })
    @Operation(
            operationId = "rotateApiToken",
            summary =
                    "Gives an API token a new secret, in this answer alone; the old one works on for graceSeconds (default 0)")
    ResponseEntity<One<IssuedToken>> rotate(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @Parameter(description = KEY_OF_ROTATION)
                    @RequestHeader(name = IdempotencyKey.HEADER, required = false)
                    @Nullable
                    String key,
            @Valid @RequestBody(required = false) @Nullable Rotation rotation) {
        return IssuedToken.rotated(
                rotations.rotate(caller, id, Rotation.wanted(rotation, Duration.ZERO, id, precondition, key, json)));
    }

    @PostMapping("/{id}/revoke")
    @InGrace
    @Needs("admin-apitokens-write")
    @Refuses({Problem.CONFLICT, Problem.STALE})
    @Operation(operationId = "revokeApiToken", summary = "Revokes an API token for good")
    ResponseEntity<One<ApiToken>> revoke(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @Valid @RequestBody(required = false) @Nullable Revocation revocation) {
        return One.ok(tokens.revoke(caller, id, precondition, Revocation.reasonOf(revocation)));
    }
}
