package dev.signet.platform;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** IP addresses as text. No name is ever looked up. */
public final class Addresses {

    private static final Pattern V4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern PREFIX = Pattern.compile("0|[1-9]\\d{0,2}");

    private Addresses() {}

    /**
     * The client's address as PostgreSQL compares it, or null where it is not known. An IPv4 address in an IPv6 one
     * ({@code ::ffff:192.0.2.1}) is the IPv4 address.
     */
    public static @Nullable String comparable(String address) {
        int zone = address.indexOf('%');
        InetAddress parsed = parse(zone < 0 ? address : address.substring(0, zone));
        return parsed == null ? null : parsed.getHostAddress();
    }

    static boolean isNetwork(String text) {
        int slash = text.indexOf('/');
        InetAddress address = parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null || (address instanceof Inet4Address && text.contains(":"))) {
            return false;
        }
        if (slash < 0) {
            return true;
        }
        byte[] bytes = address.getAddress();
        String prefix = text.substring(slash + 1);
        return PREFIX.matcher(prefix).matches()
                && Integer.parseInt(prefix) <= bytes.length * Byte.SIZE
                && isZeroFrom(Integer.parseInt(prefix), bytes);
    }

    private static boolean isZeroFrom(int bit, byte[] bytes) {
        BigInteger number = new BigInteger(1, bytes);
        return number.signum() == 0 || number.getLowestSetBit() >= bytes.length * Byte.SIZE - bit;
    }

    private static @Nullable InetAddress parse(String address) {
        if (!V4.matcher(address).matches() && !V6.matcher(address).matches()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }
}
