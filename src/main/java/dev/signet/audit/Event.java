package dev.signet.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can have happened. */
public enum Event {
    CREATE,
    MODIFY,
    DISABLE,
    ENABLE,
    ROTATE,
    REVOKE,
    SIGNIN,
    SIGNIN_FAILED,
    SIGNOUT,
    REFRESH_REPLAYED,
    PASSWORD,
    DENY;

    /** What an edit is called of something that can be switched on and off. */
    public static Event edited(boolean wasActive, boolean isActive) {
        if (wasActive == isActive) {
            return MODIFY;
        }
        return isActive ? ENABLE : DISABLE;
    }

    /** All words. */
    static List<String> words() {
        return Arrays.stream(values()).map(Event::word).toList();
    }

    /** The word on the wire, e.g. {@code signin-failed}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
