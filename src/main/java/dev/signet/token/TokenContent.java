package dev.signet.token;

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
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of a token can be written, again and again. Its code is chosen once. */
@Schema(name = "ApiTokenEdit")
record TokenContent(
        @NotBlank @Name String name,
        @Nullable @Size(max = 500) String description,
        @NotBlank @Name String userBotName,
        @Nullable @ObjectId String avatar,
        @ObjectId @NotEmpty @Size(max = 50) List<@NotNull String> accessRoles,
        @ObjectId @NotNull @Size(max = 100) List<@NotNull String> impersonates,
        @NotNull Boolean isActive,
        @Nullable Instant expiresAt,
        @NotNull @Size(max = 50) List<@NotNull @Network String> allowedIps) {

    static TokenContent of(ApiToken token) {
        return new TokenContent(
                token.name(),
                token.description(),
                token.userBotName(),
                token.avatar().id(),
                token.accessRoles(),
                token.impersonates(),
                token.isActive(),
                token.expiresAt(),
                token.allowedIps());
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
                distinct(allowedIps));
    }

    TokenContent until(@Nullable Instant end) {
        return new TokenContent(
                name, description, userBotName, avatar, accessRoles, impersonates, isActive, end, allowedIps);
    }

    boolean onlySwitchesOff(TokenContent before) {
        return !isActive && equals(before.inactive());
    }

    private TokenContent inactive() {
        return new TokenContent(
                name, description, userBotName, avatar, accessRoles, impersonates, false, expiresAt, allowedIps);
    }

    private static List<String> distinct(List<String> texts) {
        return List.copyOf(new LinkedHashSet<>(texts));
    }
}
