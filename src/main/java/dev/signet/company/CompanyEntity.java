package dev.signet.company;

import dev.signet.platform.Stored;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity(name = "Company")
@Table(name = "companies")
class CompanyEntity extends Stored {

    private String displayName;
    private @Nullable Integer maxLifetimeDays;
    private @Nullable Integer defaultLifetimeDays;
    private boolean requireAllowedIps;

    CompanyEntity(String displayName, Instant now) {
        super(now);
        this.displayName = displayName;
    }

    @SuppressWarnings("NullAway.Init")
    protected CompanyEntity() {}

    void edit(CompanyService.Content content, Instant now) {
        displayName = content.displayName();
        maxLifetimeDays = content.maxLifetimeDays();
        defaultLifetimeDays = content.defaultLifetimeDays();
        requireAllowedIps = Boolean.TRUE.equals(content.requireAllowedIps());
        modified(now);
    }

    Company seen() {
        return new Company(id(), displayName);
    }

    CompanySettings settings() {
        return new CompanySettings(
                id(),
                displayName,
                maxLifetimeDays,
                defaultLifetimeDays,
                requireAllowedIps,
                createdAt(),
                modifiedAt(),
                currentVersion());
    }

    TokenPolicy policy() {
        return new TokenPolicy(maxLifetimeDays, defaultLifetimeDays, requireAllowedIps);
    }
}
