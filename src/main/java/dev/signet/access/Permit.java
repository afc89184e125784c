package dev.signet.access;

import dev.signet.platform.Problem;

/**
 * Permission for one caller to issue one credential. Whatever creates a secret or a password demands one, so that no new place
 * can forget to ask: see docs/decisions/0014-a-credential-hands-out-nothing-beyond-itself.md.
 */
public final class Permit {

    private final Caller caller;

    private Permit(Caller caller) {
        this.caller = caller;
    }

    /**
     * For a credential with these bounds. Rejects with 409 a caller whose secret was replaced, and with 403 a caller whose own
     * bounds are narrower.
     */
    public static Permit of(Caller caller, Bounds wanted) {
        if (caller.secretReplaced()) {
            throw Problem.SECRET_REPLACED.with();
        }
        caller.requireWithinBounds(wanted);
        return new Permit(caller);
    }

    /**
     * For the next secret of the caller's own API token, which has the token's bounds. Where the caller's secret was replaced,
     * the rotation decides.
     */
    public static Permit ofRenewal(Caller caller) {
        return new Permit(caller);
    }

    /** Who issues it. */
    public Caller caller() {
        return caller;
    }
}
