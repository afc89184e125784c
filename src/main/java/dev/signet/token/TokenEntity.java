package dev.signet.token;

import dev.signet.platform.Folded;
import dev.signet.platform.Stored;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Written here, read as an {@link ApiToken} by SQL. */
@Entity(name = "ApiToken")
@Table(name = "api_tokens")
@SuppressWarnings("UnusedVariable")
class TokenEntity extends Stored {

    private String companyId;
    private String userId;
    private String name;
    private String code;
    private @Nullable String description;

    @Column(name = "is_active")
    private boolean active;

    private @Nullable Instant expiresAt;
    private @Nullable Instant revokedAt;
    private @Nullable String revokedBy;
    private @Nullable String revokeReason;
    private String search;
    private String createdBy;
    private String modifiedBy;

    TokenEntity(String company, String bot, String code, TokenService.Content content, String by, Instant now) {
        super(now);
        this.companyId = company;
        this.userId = bot;
        this.code = code;
        this.name = content.name();
        this.description = content.description();
        this.active = content.isActive();
        this.expiresAt = content.expiresAt();
        this.search = Folded.text(name, code, content.userBotName());
        this.createdBy = by;
        this.modifiedBy = by;
    }

    @SuppressWarnings("NullAway.Init")
    protected TokenEntity() {}

    void edit(TokenService.Content content, String by, Instant now) {
        name = content.name();
        description = content.description();
        active = content.isActive();
        expiresAt = content.expiresAt();
        search = Folded.text(name, code, content.userBotName());
        modified(by, now);
    }

    /** For good: nothing takes it back. */
    void revoke(@Nullable String reason, String by, Instant now) {
        active = false;
        revokedAt = now;
        revokedBy = by;
        revokeReason = reason;
        modified(by, now);
    }

    private void modified(String by, Instant now) {
        modifiedBy = by;
        modified(now);
    }
}
