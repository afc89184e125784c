package dev.signet.role;

import dev.signet.access.Catalogue;
import dev.signet.access.SignedIn;
import dev.signet.platform.One;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Permissions")
class PermissionController {

    record Permissions(List<Catalogue.Entry> permissions, int count) {}

    private final Catalogue catalogue;

    PermissionController(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @GetMapping("/api/v2/permissions")
    @SignedIn
    @Operation(
            operationId = "listPermissions",
            summary = "Lists the permissions that the service knows, and the routes that each opens")
    One<Permissions> list() {
        List<Catalogue.Entry> entries = catalogue.entries();
        return new One<>(new Permissions(entries, entries.size()));
    }
}
