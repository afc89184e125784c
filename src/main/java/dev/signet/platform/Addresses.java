package dev.signet.platform;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv6.IPv6Address;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses and networks as text: read strictly, written as RFC 5952 says, and no name is ever looked up. An IPv4 address
 * inside an IPv6 one ({@code ::ffff:192.0.2.1}) is the IPv4 address.
 */
public final class Addresses {

    /** The library reads wildcards, masks, names and more; the characters of addresses leave none of these. */
    private static final Pattern SHAPE = Pattern.compile("[0-9A-Fa-f:.]+(/(0|[1-9][0-9]{0,2}))?");

    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowSingleSegment(false)
            .allowPrefixOnly(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowUnlimitedLeadingZeros(false)
            .getEmbeddedIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .getEmbeddedIPv4AddressParentBuilder()
            .getParentBuilder()
            .toParams();

    /** The prefixes that an IPv6 client may own: one network, a home, an organisation. */
    private static final List<Integer> OWNED = List.of(64, 56, 48);

    private static final IPAddress LOOPBACK = new IPAddressString("::1").getAddress();
    private static final IPAddress IPV4_COMPATIBLE = new IPAddressString("::/96").getAddress();

    private Addresses() {}

    /** The address of the request's client, or another word where it is not known. */
    public static String client(HttpServletRequest request) {
        return text(request.getRemoteAddr());
    }

    /** The address, without a zone, as it is written and as PostgreSQL compares it; text that is no address stays as it is. */
    public static String text(String address) {
        IPAddress parsed = address(address);
        return parsed == null ? address : parsed.toCanonicalString();
    }

    /** The same; null for text that is no address. */
    public static @Nullable String comparable(String address) {
        IPAddress parsed = address(address);
        return parsed == null ? null : parsed.toCanonicalString();
    }

    /** The address, or null for any other text. */
    public static @Nullable IPAddress address(String text) {
        int zone = text.indexOf('%');
        return text.contains("/") ? null : parse(zone < 0 ? text : text.substring(0, zone));
    }

    /**
     * An address, or a network in CIDR notation whose host bits are zero; null for any other text, and for the deprecated
     * IPv4-compatible addresses (RFC 4291 §2.5.5.1), which no client has.
     */
    public static @Nullable IPAddress network(String text) {
        IPAddress parsed = parse(text);
        if (parsed == null || (parsed.isPrefixed() && !parsed.isPrefixBlock())) {
            return null;
        }
        return IPV4_COMPATIBLE.contains(parsed) && !parsed.contains(LOOPBACK) ? null : parsed;
    }

    /** The network in its one spelling; text that is no network stays as it is. */
    public static String networkText(String text) {
        IPAddress network = network(text);
        return network == null ? text : network.toCanonicalString();
    }

    /** The networks that the client at the address may own, the narrowest first: of IPv4 only the address itself. */
    public static List<String> owned(String address) {
        IPAddress parsed = address(address);
        if (parsed == null || parsed.isIPv4()) {
            return List.of(text(address));
        }
        return OWNED.stream()
                .map(prefix -> parsed.toPrefixBlock(prefix).toCanonicalString())
                .toList();
    }

    private static @Nullable IPAddress parse(String text) {
        IPAddress parsed = SHAPE.matcher(text).matches() ? new IPAddressString(text, STRICT).getAddress() : null;
        if (parsed == null) {
            return null;
        }
        IPAddress address =
                parsed instanceof IPv6Address v6 && v6.isIPv4Mapped() ? v6.getEmbeddedIPv4Address() : parsed;
        // a prefix of all bits says nothing: it is one address
        Integer prefix = address.getNetworkPrefixLength();
        return prefix != null && prefix == address.getBitCount() ? address.withoutPrefixLength() : address;
    }
}
