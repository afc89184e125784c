package dev.signet.token;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.signet.access.Caller;
import dev.signet.access.InGrace;
import dev.signet.access.Needs;
import dev.signet.access.Permissions;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import dev.signet.platform.ObjectId;
import dev.signet.platform.One;
import dev.signet.role.RoleService;
import dev.signet.user.UserService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "API tokens")
class PreviewController {

    @Schema(name = "ApiTokenPreviewRequest")
    record Wanted(
            @Schema(example = "[\"6b0527c4cc10076c97460db1\"]") @ObjectId @NotNull @Size(max = 50)
            List<@NotNull String> accessRoles,

            @Nullable @ObjectId @Size(max = 100) List<@NotNull String> impersonates) {}

    /**
     * What a token with those access roles could do now.
     *
     * @param permissions by their exact names; a switched-off role gives none
     * @param unknownPermissions those of them that no route requires
     */
    @Schema(name = "ApiTokenPreview")
    record Preview(
            Set<String> permissions,
            List<String> routes,
            List<String> unknownPermissions,
            List<ActingFor> impersonates) {}

    /** @param permissions what both hold, the token and that user */
    record ActingFor(@JsonProperty("_id") String user, Set<String> permissions) {}

    private final RoleService roles;
    private final UserService users;
    private final Routes routes;

    PreviewController(RoleService roles, UserService users, Routes routes) {
        this.roles = roles;
        this.users = users;
        this.routes = routes;
    }

    @PostMapping("/api/v2/apitokens/preview")
    @InGrace
    @Needs("admin-apitokens-read")
    @Operation(
            operationId = "previewApiToken",
            summary = "Tells what a token with these access roles could do, and which routes they open")
    One<Preview> preview(Caller caller, @Valid @RequestBody Wanted wanted) {
        List<String> others = wanted.impersonates() == null ? List.of() : wanted.impersonates();
        roles.requireKnown(caller.company(), "accessRoles", wanted.accessRoles());
        users.requireKnown(caller.company(), "impersonates", others);
        Permissions permissions = new Permissions(roles.effective(caller.company(), wanted.accessRoles()));
        return new One<>(new Preview(
                permissions.writtenOut(),
                routes.openedBy(permissions).stream().map(Route::text).toList(),
                Permissions.unknown(permissions.granted()),
                others.stream()
                        .map(user -> new ActingFor(
                                user,
                                permissions
                                        .sharedWith(users.effective(caller.company(), user))
                                        .granted()))
                        .toList()));
    }
}
