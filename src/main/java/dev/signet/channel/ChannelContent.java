package dev.signet.channel;

import dev.signet.channel.Channel.Settings;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Name;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** The editable fields of a channel. The code is fixed at creation. */
@Schema(name = "ChannelEdit")
record ChannelContent(
        @Schema(example = "Orders") @NotBlank @Name String nameDisplay,
        @Nullable @Size(max = 120) String group,
        @NotNull Boolean isActive,
        @NotNull Boolean isPrivate,
        @NotNull @Valid Settings settings) {

    ChannelContent {
        group = ListQuery.presence(group);
    }

    static ChannelContent of(Channel channel) {
        return new ChannelContent(
                channel.nameDisplay(), channel.group(), channel.isActive(), channel.isPrivate(), channel.settings());
    }
}
