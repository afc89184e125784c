package dev.signet.token;

import dev.signet.access.Bounds;
import dev.signet.platform.Addresses;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Name;
import dev.signet.platform.Network;
import dev.signet.platform.ObjectId;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The editable fields of a token. The code is fixed at creation. */
@Schema(name = "ApiTokenEdit")
record TokenContent(
        @Schema(example = "Alfredo") @NotBlank @Name String name,
        @Nullable @Size(max = 500) String description,
        @NotBlank @Name String userBotName,
        @Nullable @ObjectId String avatar,
        @ObjectId @NotEmpty @Size(max = 50) List<@NotNull String> accessRoles,
        @ObjectId @NotNull @Size(max = 100) List<@NotNull String> impersonates,
        @NotNull Boolean isActive,
        @Nullable Instant expiresAt,
        @NotNull @Size(max = 50) List<@NotNull @Network String> allowedIps,

        @Schema(description = "the bot user becomes a member of exactly these channels, beside its direct ones")
        @ObjectId
        @NotNull
        List<@NotNull String> channels) {

    /** Times to the millisecond, as on the wire: an end that is read and sent back is the same end. */
    @SuppressWarnings("NullAway") // a PATCH clears them by null
    TokenContent {
        impersonates = Objects.requireNonNullElse(impersonates, List.of());
        expiresAt = expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MILLIS);
    }

    /** With the channels of its bot user. */
    static TokenContent of(ApiToken token, List<String> channels) {
        return new TokenContent(
                token.name(),
                token.description(),
                token.userBotName(),
                token.avatar().id(),
                token.accessRoles(),
                token.impersonates(),
                token.isActive(),
                token.expiresAt(),
                networks(token.allowedIps()),
                channels);
    }

    TokenContent tidied() {
        return new TokenContent(
                name,
                ListQuery.presence(description),
                userBotName,
                avatar,
                distinct(accessRoles),
                distinct(impersonates),
                isActive,
                expiresAt,
                networks(allowedIps),
                distinct(channels));
    }

    TokenContent until(@Nullable Instant end) {
        return copy(isActive, end, channels);
    }

    Bounds bounds() {
        return new Bounds(expiresAt, allowedIps);
    }

    boolean onlySwitchesOff(TokenContent before) {
        return !isActive && equals(before.inactive());
    }

    private TokenContent inactive() {
        return copy(false, expiresAt, channels);
    }

    TokenContent with(List<String> otherChannels) {
        return copy(isActive, expiresAt, otherChannels);
    }

    /** Whether it is active and was not, or has access roles or users to act for that it had not. */
    boolean givesMoreThan(TokenContent before) {
        return (isActive && !before.isActive)
                || !before.accessRoles.containsAll(accessRoles)
                || !before.impersonates.containsAll(impersonates);
    }

    /** Its channels that are none of the other's. */
    List<String> channelsBeyond(TokenContent other) {
        return channels.stream()
                .filter(channel -> !other.channels.contains(channel))
                .toList();
    }

    private TokenContent copy(boolean active, @Nullable Instant end, List<String> otherChannels) {
        return new TokenContent(
                name,
                description,
                userBotName,
                avatar,
                accessRoles,
                impersonates,
                active,
                end,
                allowedIps,
                otherChannels);
    }

    /** Each in its one spelling, also where another one was stored before. */
    private static List<String> networks(List<String> texts) {
        return distinct(texts.stream().map(Addresses::networkText).toList());
    }

    private static List<String> distinct(List<String> texts) {
        return List.copyOf(new LinkedHashSet<>(texts));
    }
}
