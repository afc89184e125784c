package dev.signet.access;

import dev.signet.platform.Problem;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, looked up at this very request.
 *
 * @param user whom the call speaks as: a person or a bot
 * @param token the API token that it came through, if it did
 * @param credential what was shown for it: the public id of the token's secret, or the person's session
 * @param address the client's address, or where else the call came from
 * @param barred why nothing is served though the credential is good, if so
 * @param endsSoon when the credential ends, in its last days
 */
public record Caller(
        String company,
        String user,
        @Nullable String token,
        String credential,
        Permissions permissions,
        String address,
        @Nullable Problem barred,
        @Nullable Instant endsSoon) {

    private static final String TERMINAL = "terminal";

    /** A person, through a session. */
    public static Caller person(
            String company,
            String user,
            String session,
            Permissions permissions,
            String address,
            boolean passwordChangeRequired) {
        return new Caller(
                company,
                user,
                null,
                session,
                permissions,
                address,
                passwordChangeRequired ? Problem.PASSWORD_CHANGE_REQUIRED : null,
                null);
    }

    /** An operator at the terminal, who acts for that user. */
    public static Caller atTerminal(String company, String user) {
        return person(company, user, TERMINAL, new Permissions(Set.of(Permissions.ALL)), TERMINAL, false);
    }

    /** The session that the call came through, if it did. */
    public @Nullable String session() {
        return token == null ? credential : null;
    }

    /** Whether a generated password must be replaced before anything else. */
    public boolean passwordChangeRequired() {
        return barred == Problem.PASSWORD_CHANGE_REQUIRED;
    }

    /** The id of the permission's holder is in the log; this text is safe anywhere. */
    @Override
    public String toString() {
        return "Caller[" + user + (token == null ? "" : " through " + token) + "]";
    }
}
