package dev.signet.user;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.signet.avatar.Avatar;
import dev.signet.company.Company;
import dev.signet.platform.Name;
import dev.signet.platform.Names;
import dev.signet.platform.Versioned;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
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

    /** A name in its parts. Who has but one has no last name. */
    public record FullName(
            @NotBlank @Name String displayName,
            @NotBlank @Name String names,
            @NotNull @Name String lastName,
            @NotNull @Name String secondLastName) {

        /** What they are called where nobody chose it. */
        static String displayed(String names, String lastName) {
            String both = (names + " " + lastName).strip();
            return Names.isName(both) ? both : names;
        }

        /** The name with its display name following the other parts, if it did before and nobody chose another. */
        FullName after(FullName before) {
            boolean follows = before.displayName.equals(displayed(before.names, before.lastName));
            return follows && displayName.equals(before.displayName)
                    ? new FullName(displayed(names, lastName), names, lastName, secondLastName)
                    : this;
        }
    }

    public record Membership(String companyId) {}

    /** The companies that the user belongs to: one. Existing clients read a list. */
    @JsonProperty
    public List<Membership> companies() {
        return List.of(new Membership(company.id()));
    }
}
