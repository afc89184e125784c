package dev.signet.user;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.signet.avatar.Avatar;
import dev.signet.company.Company;
import dev.signet.platform.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A person or a bot, as the company sees them. A bot's e-mail is made up and takes no mail. */
public record User(
        @JsonProperty("_id") String id,
        String email,
        FullName name,
        @Nullable String jobTitle,
        Avatar avatar,
        boolean isBot,
        boolean isActive,
        List<String> accessRoles,
        Company company,
        Instant createdAt,
        Instant modifiedAt,
        @JsonIgnore long version)
        implements Versioned {

    public record FullName(String displayName, String names, String lastName, String secondLastName) {}

    public record Membership(String companyId) {}

    /** The companies that the user belongs to: one. Existing clients read a list. */
    @JsonProperty
    public List<Membership> companies() {
        return List.of(new Membership(company.id()));
    }
}
