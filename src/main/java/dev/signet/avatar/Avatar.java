package dev.signet.avatar;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** Where somebody's face can be fetched, in three sizes. Without a picture of their own: a disc with their initials. */
public record Avatar(
        @JsonProperty("_id") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String id,

        String small,
        String square,
        String original) {

    /** The face of a user: the picture with that id or, where there is none, the disc for that name. */
    public static Avatar of(@Nullable String picture, String user, String displayName) {
        if (picture == null) {
            String disc = Disc.address(user, displayName);
            return new Avatar(null, disc, disc, disc);
        }
        String at = "/avatars/" + picture;
        return new Avatar(picture, at + "/small", at + "/square", at + "/original");
    }
}
