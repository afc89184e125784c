package dev.signet.role;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.signet.access.Caller;
import dev.signet.access.Needs;
import dev.signet.access.Permissions;
import dev.signet.access.Refuses;
import dev.signet.platform.Created;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Name;
import dev.signet.platform.One;
import dev.signet.platform.Page;
import dev.signet.platform.Patch;
import dev.signet.platform.Problem;
import dev.signet.platform.SortsBy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
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
@Tag(name = "Access roles")
@RequestMapping("/api/v2/accessroles")
class RoleController {

    record NewRole(
            @Schema(example = "Token reader") @NotBlank @Name
            String name,

            @Nullable @Size(max = 500) String description,

            @Schema(example = "[\"admin-apitokens-read\"]") @NotNull @Size(max = 100)
            List<@NotNull String> permissions,

            @Nullable Boolean active) {

        RoleService.Content content() {
            return new RoleService.Content(name, description, permissions, Objects.requireNonNullElse(active, true));
        }
    }

    /**
     * A role as it was saved.
     *
     * @param unknownPermissions custom strings that no route requires; left out if there are none
     */
    record SavedRole(
            @JsonUnwrapped AccessRole role,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unknownPermissions) {

        static SavedRole of(AccessRole role) {
            return new SavedRole(role, Permissions.unknown(role.permissions()));
        }
    }

    record AccessRoles(
            List<AccessRole> accessRoles,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long count,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String nextCursor) {}

    private final RoleService roles;
    private final JsonMapper json;

    RoleController(RoleService roles, JsonMapper json) {
        this.roles = roles;
        this.json = json;
    }

    @GetMapping
    @Needs("admin-accesscontrol-read")
    @Operation(operationId = "listAccessRoles", summary = "Lists access roles")
    @SortsBy({"created", "modified", "name"})
    ResponseEntity<One<AccessRoles>> list(Caller caller, @Valid @ParameterObject ListQuery query) {
        Page<AccessRole> page = roles.list(caller.company(), query);
        return page.answer(new AccessRoles(page.items(), page.count(), page.nextCursor()));
    }

    @GetMapping("/{id}")
    @Needs("admin-accesscontrol-read")
    @Operation(operationId = "getAccessRole", summary = "Gives an access role")
    ResponseEntity<One<AccessRole>> get(Caller caller, @PathVariable String id) {
        return One.ok(roles.get(caller.company(), id));
    }

    @PostMapping
    @Needs("admin-accesscontrol-write")
    @Refuses(Problem.KEY_REUSED)
    @Operation(operationId = "createAccessRole", summary = "Creates an access role")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<One<SavedRole>> create(
            Caller caller,
            @Parameter(description = "repeated with the same body, nothing is created twice")
                    @RequestHeader(name = IdempotencyKey.HEADER, required = false)
                    @Nullable
                    String key,
            @Valid @RequestBody NewRole role) {
        RoleService.Content content = role.content();
        Created<AccessRole> created = roles.create(caller, content, IdempotencyKey.of(key, content.tidied(), json));
        return created.answer(SavedRole.of(created.resource()));
    }

    @PatchMapping("/{id}")
    @Needs("admin-accesscontrol-write")
    @Refuses({Problem.LOCKED_ROLE, Problem.CONFLICT, Problem.STALE})
    @Operation(operationId = "editAccessRole", summary = "Edits an access role; switched off, it gives nothing at once")
    ResponseEntity<One<SavedRole>> edit(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @RequestBody Patch<RoleService.Content> patch) {
        AccessRole edited = roles.edit(caller, id, precondition, patch::onto);
        return One.ok(edited, SavedRole.of(edited));
    }
}
