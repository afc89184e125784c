package dev.signet.security;

import dev.signet.platform.Problems;
import dev.signet.platform.Trace;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Puts the trace id, the security headers and the problems in front of everything, Tomcat's own refusals included. */
@Component
class ContainerConfiguration implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final Problems problems;
    private final AllowedMethods methods;

    // lazily: the server is created before the handlers are known
    ContainerConfiguration(@Lazy Problems problems, @Lazy AllowedMethods methods) {
        this.problems = problems;
        this.methods = methods;
    }

    @Override
    public void customize(TomcatServletWebServerFactory tomcat) {
        tomcat.addEngineValves(new Trace(), new SecurityHeadersValve());
        tomcat.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                // or Tomcat adds its own behind this one, which would answer first
                host.setErrorReportValveClass("");
                host.getPipeline().addValve(new ContainerErrorValve(problems, methods));
            }
        });
    }
}
