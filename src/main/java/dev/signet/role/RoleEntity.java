package dev.signet.role;

import dev.signet.platform.Folded;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.Repeatable;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Entity(name = "AccessRole")
@Table(name = "access_roles")
class RoleEntity extends Repeatable {

    private String companyId;
    private String name;
    private @Nullable String description;
    private List<String> permissions;
    private boolean active;
    private boolean locked;

    // read by the list's SQL
    @SuppressWarnings("UnusedVariable")
    private String search;

    RoleEntity(
            String company,
            RoleService.Content content,
            boolean locked,
            @Nullable String createdBy,
            @Nullable IdempotencyKey request,
            Instant now) {
        super(now, createdBy, request);
        this.companyId = company;
        this.name = content.name();
        this.description = content.description();
        this.permissions = new ArrayList<>(content.permissions());
        this.active = content.active();
        this.locked = locked;
        this.search = Folded.text(name);
    }

    @SuppressWarnings("NullAway.Init")
    protected RoleEntity() {}

    void edit(RoleService.Content content, Instant now) {
        name = content.name();
        description = content.description();
        permissions = new ArrayList<>(content.permissions());
        active = content.active();
        search = Folded.text(name);
        modified(now);
    }

    /** The seeded role that can do everything is never changed, so that nobody shuts the company out. */
    boolean isLocked() {
        return locked;
    }

    AccessRole seen() {
        return new AccessRole(
                id(),
                name,
                description,
                List.copyOf(permissions),
                active,
                companyId,
                createdAt(),
                modifiedAt(),
                currentVersion());
    }
}
