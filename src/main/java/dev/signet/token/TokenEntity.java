package dev.signet.token;

import dev.signet.platform.Folded;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.Stored;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private List<String> allowedIps;
    private List<String> impersonates;
    private @Nullable Instant revokedAt;
    private @Nullable String revokedBy;
    private @Nullable String revokeReason;
    private @Nullable String idempotencyKey;
    private byte @Nullable [] requestDigest;
    private String search;
    private String createdBy;
    private String modifiedBy;

    TokenEntity(
            String company,
            String bot,
            String code,
            TokenContent content,
            @Nullable IdempotencyKey request,
            String by,
            Instant now) {
        super(now);
        this.companyId = company;
        this.userId = bot;
        this.code = code;
        this.name = content.name();
        this.description = content.description();
        this.active = content.isActive();
        this.expiresAt = content.expiresAt();
        this.allowedIps = new ArrayList<>(content.allowedIps());
        this.impersonates = new ArrayList<>(content.impersonates());
        this.idempotencyKey = request == null ? null : request.key();
        this.requestDigest = request == null ? null : request.digest();
        this.search = Folded.text(name, code, content.userBotName());
        this.createdBy = by;
        this.modifiedBy = by;
    }

    @SuppressWarnings("NullAway.Init")
    protected TokenEntity() {}

    void edit(TokenContent content, String by, Instant now) {
        name = content.name();
        description = content.description();
        active = content.isActive();
        expiresAt = content.expiresAt();
        allowedIps = new ArrayList<>(content.allowedIps());
        impersonates = new ArrayList<>(content.impersonates());
        search = Folded.text(name, code, content.userBotName());
        modified(by, now);
    }

    /** Refuses with 422 where the request that made it asked for something else. */
    void requireMadeBy(IdempotencyKey request) {
        request.requireSame(Objects.requireNonNull(requestDigest));
    }

    void rotate(String by, Instant now) {
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
