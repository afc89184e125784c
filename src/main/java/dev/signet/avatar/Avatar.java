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
        return picture == null ? ofDisc(Disc.address(user, displayName)) : ofPicture(picture);
    }

    static Avatar ofPicture(String id) {
        String at = "/avatars/" + id;
        return new Avatar(id, at + "/small", at + "/square", at + "/original");
    }

    private static Avatar ofDisc(String address) {
        return new Avatar(null, address, address, address);
    }
}
