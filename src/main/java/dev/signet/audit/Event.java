package dev.signet.audit;

import java.util.Locale;

/** What can have happened. */
public enum Event {
    CREATE,
    MODIFY,
    DISABLE,
    ENABLE,
    REVOKE,
    SIGNIN,
    SIGNIN_FAILED,
    SIGNOUT,
    PASSWORD,
    DENY;

    /** The word on the wire, e.g. {@code signin-failed}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
