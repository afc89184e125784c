package dev.signet.platform;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The precondition of an edit (RFC 9110 §13.1.1). Compared without {@code W/}: proxies weaken tags when they compress. */
public record IfMatch(Set<String> tags) {

    /** Reads the header's value. */
    public static IfMatch valueOf(String header) {
        return new IfMatch(Arrays.stream(header.split(","))
                .map(tag -> tag.strip().replaceFirst("^W/", ""))
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Refuses with 412 when the thing has changed since the caller read it. */
    public static void check(@Nullable IfMatch precondition, long version) {
        if (precondition != null && !precondition.tags.contains("*") && !precondition.tags.contains(tag(version))) {
            throw Problem.STALE.with(tag(version));
        }
    }

    static String tag(long version) {
        return "\"" + version + "\"";
    }
}
