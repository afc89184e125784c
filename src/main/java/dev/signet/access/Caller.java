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
 * @param secretReplaced whether that secret has been replaced and only works until its grace ends
 * @param bounds how long the API token lasts and from where it works; none for a person
 * @param barred why nothing is served though the credential is good, if so
 * @param endsSoon when the credential ends, in its last days
 * @param endsAt when the access token ends that a person came through; the end of an API token may be moved
 * @param impersonates whom the token may act for
 * @param actedBy the bot that really calls, where it acts for the user
 */
public record Caller(
        String company,
        String user,
        @Nullable String token,
        String credential,
        boolean secretReplaced,
        Bounds bounds,
        Permissions permissions,
        String address,
        @Nullable Problem barred,
        @Nullable Instant endsSoon,
        @Nullable Instant endsAt,
        Set<String> impersonates,
        @Nullable String actedBy) {

    private static final String TERMINAL = "terminal";

    /** A person, through a session, with an access token where that has an end. */
    public static Caller person(
            String company,
            String user,
            String session,
            Permissions permissions,
            String address,
            boolean passwordChangeRequired,
            @Nullable Instant endsAt) {
        return new Caller(
                company,
                user,
                null,
                session,
                false,
                Bounds.NONE,
                permissions,
                address,
                passwordChangeRequired ? Problem.PASSWORD_CHANGE_REQUIRED : null,
                null,
                endsAt,
                Set.of(),
                null);
    }

    /** An operator at the terminal, who acts for that user. */
    public static Caller atTerminal(String company, String user) {
        return person(company, user, TERMINAL, new Permissions(Set.of(Permissions.ALL)), TERMINAL, false, null);
    }

    /** The same call as that person, with what both hold. Who acts for another acts for nobody further. */
    public Caller actingFor(String person, Permissions theirs) {
        return new Caller(
                company,
                person,
                token,
                credential,
                secretReplaced,
                bounds,
                permissions.sharedWith(theirs),
                address,
                barred,
                endsSoon,
                endsAt,
                Set.of(),
                user);
    }

    /** Rejects with 403 a credential that would outlast the caller's own, or work from elsewhere. */
    public void requireWithinBounds(Bounds wanted) {
        if (!bounds.contain(wanted)) {
            throw Problem.WIDER_THAN_OWN.with();
        }
    }

    /** Who really calls. */
    public String actor() {
        return actedBy == null ? user : actedBy;
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
