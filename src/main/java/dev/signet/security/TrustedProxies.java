package dev.signet.security;

import dev.signet.platform.Addresses;
import dev.signet.platform.Setting;
import dev.signet.platform.StartRefusedException;
import inet.ipaddr.IPAddress;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Believes the proxies that the operator names ({@code SIGNET_TRUSTED_PROXIES}), and nobody else, what they say of a client:
 * its address and whether it came by https. A request's address is {@link #UNKNOWN} where such a proxy does not say it.
 *
 * <p>Not Tomcat's {@code RemoteIpValve}: that one asks DNS for names that clients wrote, takes any text for an address, and
 * a silent proxy for the client.
 */
@Component
class TrustedProxies implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Setting {

    static final String UNKNOWN = "unknown";

    private static final Pattern WITH_PORT = Pattern.compile("^([\\d.]+):\\d{1,5}$|^\\[(.*)](:\\d{1,5})?$");

    private final List<IPAddress> trusted;

    TrustedProxies(@Value("${signet.trusted-proxies:}") List<String> networks) {
        trusted = networks.stream().map(network -> parse(network.strip())).toList();
    }

    @Override
    public void customize(TomcatServletWebServerFactory tomcat) {
        if (!trusted.isEmpty()) {
            tomcat.addEngineValves(new Forwarded());
        }
    }

    private static IPAddress parse(String text) {
        IPAddress network = Addresses.network(text);
        if (network == null) {
            throw new StartRefusedException(
                    "SIGNET_TRUSTED_PROXIES contains an invalid address or network: " + text,
                    "Give the addresses of the proxies, separated by commas, e.g. 10.0.0.0/8,2001:db8::7");
        }
        return network;
    }

    private boolean trusts(IPAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    private final class Forwarded extends ValveBase {

        private static final String HTTPS = "https";
        private static final int HTTP_PORT = 80;
        private static final int HTTPS_PORT = 443;

        Forwarded() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            IPAddress peer = Addresses.address(request.getRemoteAddr());
            if (peer != null && trusts(peer)) {
                request.setRemoteAddr(client(values(request, "X-Forwarded-For")));
                List<String> schemes = values(request, "X-Forwarded-Proto");
                if (!schemes.isEmpty() && schemes.stream().allMatch(HTTPS::equalsIgnoreCase)) {
                    secure(request);
                }
            }
            getNext().invoke(request, response);
        }

        /** The nearest proxy writes at the right end: the first address from there that is not a trusted proxy. What stands to its left may be invented. */
        private String client(List<String> addresses) {
            String client = UNKNOWN;
            for (String text : addresses.reversed()) {
                String bare = WITH_PORT.matcher(text).replaceFirst("$1$2");
                IPAddress address = bare.contains("%") ? null : Addresses.address(bare);
                if (address == null) {
                    return UNKNOWN;
                }
                client = address.toCanonicalString();
                if (!trusts(address)) {
                    return client;
                }
            }
            return client;
        }

        private static void secure(Request request) {
            request.setSecure(true);
            request.getCoyoteRequest().scheme().setString(HTTPS);
            if (request.getServerPort() == HTTP_PORT) {
                // nobody wrote it out, and it is the other scheme's that goes without saying now
                request.setServerPort(HTTPS_PORT);
            }
        }

        /** All that the header lists, on however many lines. */
        private static List<String> values(Request request, String header) {
            return Collections.list(request.getHeaders(header)).stream()
                    .flatMap(line -> Arrays.stream(line.split(",", -1)))
                    .map(String::strip)
                    .toList();
        }
    }
}
