package dev.signet.token;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.signet.avatar.Avatar;
import dev.signet.platform.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API token as administrators see it: everything but its secret.
 *
 * @param graceUntil how long the replaced secret still works, if there is one
 * @param graceUses how often it was used since
 * @param lastUsedAt right to a minute
 */
public record ApiToken(
        @JsonProperty("_id") String id,
        String name,
        String code,
        @Nullable String description,
        String userBotName,
        Avatar avatar,
        String user,
        List<String> accessRoles,
        List<String> impersonates,
        boolean isActive,
        Status status,
        String tokenHint,
        @Nullable Instant expiresAt,
        List<String> allowedIps,
        @Nullable Instant graceUntil,
        long graceUses,
        String company,
        String createdBy,
        Instant createdAt,
        String modifiedBy,
        Instant modifiedAt,
        @Nullable Instant lastUsedAt,
        @Nullable String lastUsedIp,
        @Nullable String lastUsedAgent,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy,
        @Nullable String revokeReason,
        @JsonIgnore long version)
        implements Versioned {

    /** Revoked, else expired, else inactive, else active. The names are the words on the wire. */
    public enum Status {
        active,
        expired,
        inactive,
        revoked
    }
}
