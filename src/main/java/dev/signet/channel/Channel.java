package dev.signet.channel;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.signet.platform.ObjectId;
import dev.signet.platform.Versioned;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A channel as the caller sees it.
 *
 * @param group an opaque id of the client's, kept
 * @param lastMessage null where there is none, and for who may not read it
 */
public record Channel(
        @JsonProperty("_id") String id,
        String nameDisplay,
        String nameCode,
        @Nullable String group,
        String company,
        List<String> userIds,
        boolean isActive,
        boolean isDirect,
        boolean isPrivate,
        Settings settings,
        @Nullable LastMessage lastMessage,
        @Nullable String createdBy,
        Instant createdAt,
        Instant modifiedAt,
        @JsonIgnore long version)
        implements Versioned {

    /** Who of the members may post: all or none, and in any case those that are named. */
    public record Settings(
            @NotNull Write write,
            @ObjectId @NotNull @Size(max = 1000) List<@NotNull String> writeUserIds) {

        static final Settings ALL = new Settings(Write.all, List.of());

        @SuppressWarnings("NullAway") // clients that name nobody leave the list out
        public Settings {
            writeUserIds = writeUserIds == null ? List.of() : writeUserIds;
        }
    }

    /**
     * The channel as the log compares it with its other state: of the lists of users only what the other lacks, since a row
     * with both lists of a thousand users would let a few requests fill the log. What people say is not logged.
     */
    Channel apartFrom(Channel other) {
        return new Channel(
                id,
                nameDisplay,
                nameCode,
                group,
                company,
                difference(userIds, other.userIds),
                isActive,
                isDirect,
                isPrivate,
                new Settings(settings.write, difference(settings.writeUserIds, other.settings.writeUserIds)),
                null,
                createdBy,
                createdAt,
                modifiedAt,
                version);
    }

    private static List<String> difference(List<String> users, List<String> others) {
        Set<String> known = Set.copyOf(others);
        return users.stream().filter(user -> !known.contains(user)).toList();
    }

    public boolean hasMember(String user) {
        return userIds.contains(user);
    }

    /** Whether the settings let that member post. */
    public boolean isWritableBy(String member) {
        return settings.write == Write.all || settings.writeUserIds.contains(member);
    }

    /** The names are the words on the wire. */
    public enum Write {
        all,
        none
    }

    public record LastMessage(
            String content,
            Instant date,
            String sender,

            @Schema(allowableValues = {"text/plain", "text/system", "text/enriched"})
            String contentType) {}
}
