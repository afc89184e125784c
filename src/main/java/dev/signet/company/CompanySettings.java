package dev.signet.company;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.signet.platform.Versioned;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The tenant with what it asks of its API tokens. */
record CompanySettings(
        @JsonProperty("_id") String id,
        String displayName,
        @Nullable Integer maxLifetimeDays,
        @Nullable Integer defaultLifetimeDays,
        boolean requireAllowedIps,
        Instant createdAt,
        Instant modifiedAt,
        @JsonIgnore long version)
        implements Versioned {}
