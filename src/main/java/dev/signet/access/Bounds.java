package dev.signet.access;

import dev.signet.platform.Addresses;
import inet.ipaddr.IPAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a credential lasts and from where it works.
 *
 * @param end null for one that does not end
 * @param addresses addresses and networks; empty for one that works from anywhere
 */
public record Bounds(@Nullable Instant end, List<String> addresses) {

    public static final Bounds NONE = new Bounds(null, List.of());

    /** Whether the others reach no further, in time and in addresses. */
    boolean contain(Bounds others) {
        return containsEnd(others.end) && containsAddresses(others.addresses);
    }

    private boolean containsEnd(@Nullable Instant other) {
        return end == null || (other != null && !other.isAfter(end));
    }

    private boolean containsAddresses(List<String> others) {
        return addresses.isEmpty()
                || (!others.isEmpty()
                        && others.stream().allMatch(other -> addresses.stream().anyMatch(own -> contains(own, other))));
    }

    private static boolean contains(String network, String other) {
        IPAddress outer = Addresses.network(network);
        IPAddress inner = Addresses.network(other);
        return outer != null && inner != null && outer.contains(inner);
    }
}
