package dev.signet.role;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.signet.platform.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A named set of permissions. One that is not active gives nothing, at once. */
public record AccessRole(
        @JsonProperty("_id") String id,
        String name,
        @Nullable String description,
        List<String> permissions,
        boolean active,
        String company,
        Instant createdAt,
        Instant modifiedAt,
        @JsonIgnore long version)
        implements Versioned {}
