package dev.signet.company;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The tenant as its people see it. */
public record Company(@JsonProperty("_id") String id, String displayName) {}
