package dev.signet.token;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.signet.access.Caller;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.platform.Code;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Name;
import dev.signet.platform.One;
import dev.signet.platform.Page;
import dev.signet.platform.Patch;
import dev.signet.platform.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
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

@RestController
@Tag(name = "API tokens")
@RequestMapping("/api/v2/apitokens")
class TokenController {

    record NewToken(
            @Schema(example = "Alfredo") @NotBlank @Name String name,
            @Schema(example = "alfredo") @NotNull @Code String code,
            @Schema(example = "Alfredo bot") @NotBlank @Name String userBotName,

            @Schema(example = "[\"6b0527c4cc10076c97460db1\"]") @NotEmpty @Size(max = 50)
            List<@NotNull String> accessRoles,

            @Nullable @Size(max = 500) String description,
            @Nullable String avatar,
            @Nullable Instant expiresAt,
            @Nullable Boolean isActive) {

        TokenService.Content content() {
            return new TokenService.Content(
                    name,
                    description,
                    userBotName,
                    avatar,
                    accessRoles,
                    Objects.requireNonNullElse(isActive, true),
                    expiresAt);
        }
    }

    /** The one answer that carries a secret. */
    record IssuedToken(
            @JsonUnwrapped ApiToken apiToken, @JsonIgnore Secret secret) {

        @JsonProperty
        String token() {
            return secret.plainText();
        }
    }

    record Revocation(@Nullable @Size(max = 500) String reason) {}

    record ApiTokens(
            List<ApiToken> apiTokens,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long count,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String nextCursor) {}

    private final TokenService tokens;

    TokenController(TokenService tokens) {
        this.tokens = tokens;
    }

    @GetMapping
    @Needs("admin-apitokens-read")
    @Operation(summary = "Lists API tokens, revoked and expired ones too")
    ResponseEntity<One<ApiTokens>> list(
            Caller caller,
            @Valid @ParameterObject ListQuery query,
            @Valid @ParameterObject TokenService.Filter filter) {
        Page<ApiToken> page = tokens.list(caller.company(), query, filter);
        return page.answer(new ApiTokens(page.items(), page.count(), page.nextCursor()));
    }

    @GetMapping("/{id}")
    @Needs("admin-apitokens-read")
    @Operation(summary = "Gives an API token, never its secret")
    ResponseEntity<One<ApiToken>> get(Caller caller, @PathVariable String id) {
        return One.ok(tokens.get(caller.company(), id));
    }

    @PostMapping
    @Needs("admin-apitokens-write")
    @Refuses(Problem.CODE_TAKEN)
    @Operation(summary = "Makes an API token and its bot user; its secret is in this answer alone")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<One<IssuedToken>> create(Caller caller, @Valid @RequestBody NewToken token) {
        TokenService.Issued issued = tokens.create(caller, token.code(), token.content());
        return One.created(issued.token(), new IssuedToken(issued.token(), issued.secret()));
    }

    @PatchMapping("/{id}")
    @Needs("admin-apitokens-write")
    @Refuses({Problem.ALREADY_REVOKED, Problem.CONFLICT, Problem.STALE})
    @Operation(summary = "Edits an API token; counts from the very next request")
    ResponseEntity<One<ApiToken>> edit(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @RequestBody Patch<TokenService.Content> patch) {
        return One.ok(tokens.edit(caller, id, precondition, patch::onto));
    }

    @PostMapping("/{id}/revoke")
    @Needs("admin-apitokens-write")
    @Operation(summary = "Revokes an API token for good")
    ResponseEntity<One<ApiToken>> revoke(
            Caller caller,
            @PathVariable String id,
            @Valid @RequestBody(required = false) @Nullable Revocation revocation) {
        return One.ok(tokens.revoke(caller, id, revocation == null ? null : revocation.reason()));
    }
}
