package dev.signet.access;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, looked up at this very request.
 *
 * @param user whom the call speaks as: a person or a bot
 * @param token the API token that it came through, if it did
 * @param session the person's session that it came through, if it did
 * @param address the client's address, or where else the call came from
 * @param passwordChangeRequired whether a generated password must be replaced before anything else
 */
public record Caller(
        String company,
        String user,
        @Nullable String token,
        @Nullable String session,
        Permissions permissions,
        String address,
        boolean passwordChangeRequired) {

    /** An operator at the terminal, who acts for that user. */
    public static Caller atTerminal(String company, String user) {
        return new Caller(company, user, null, null, new Permissions(Set.of(Permissions.ALL)), "terminal", false);
    }

    /** The id of the permission's holder is in the log; this text is safe anywhere. */
    @Override
    public String toString() {
        return "Caller[" + user + (token == null ? "" : " through " + token) + "]";
    }
}
