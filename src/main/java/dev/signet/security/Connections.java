package dev.signet.security;

import dev.signet.platform.Shares;
import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Bounds the connections by the heap, watches them, and keeps Tomcat from reading forms. See decision record 13. */
@Component
class Connections implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final Patience patience;

    Connections(Patience patience) {
        this.patience = patience;
    }

    @Override
    public void customize(TomcatServletWebServerFactory tomcat) {
        tomcat.setProtocol(WatchedProtocol.class.getName());
        tomcat.addConnectorCustomizers(connector -> {
            // parameters come from the query alone: to ask for one never reads a body
            connector.setParseBodyMethods("");
            if (connector.getProtocolHandler() instanceof WatchedProtocol protocol) {
                bound(protocol);
                protocol.setPatience(patience);
            }
        });
    }

    /** An operator may allow fewer, not more than the heap can hold. */
    private static void bound(AbstractProtocol<?> protocol) {
        protocol.setMaxConnections(Math.min(protocol.getMaxConnections(), Shares.connections()));
    }
}
