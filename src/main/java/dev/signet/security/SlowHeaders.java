package dev.signet.security;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** The connection's time-out counts for all headers of a request together. Tomcat alone begins it anew with every byte. */
@Component
class SlowHeaders implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory tomcat) {
        tomcat.setProtocol(Protocol.class.getName());
    }

    /** Made by Tomcat, by name. */
    public static class Protocol extends Http11NioProtocol {

        private static final long EVERY_SECOND = 1;

        private @Nullable ScheduledFuture<?> watch;

        @Override
        public void start() throws Exception {
            super.start();
            watch = getUtilityExecutor()
                    .scheduleWithFixedDelay(this::cut, EVERY_SECOND, EVERY_SECOND, TimeUnit.SECONDS);
        }

        @Override
        public void stop() throws Exception {
            if (watch != null) {
                watch.cancel(false);
            }
            super.stop();
        }

        private void cut() {
            getEndpoint().getConnections().stream().filter(this::isSlow).forEach(SocketWrapperBase::close);
        }

        /** Between two reads, a connection keeps its processor while a request has begun and is not complete. */
        private boolean isSlow(SocketWrapperBase<?> connection) {
            if (!(connection.getCurrentProcessor() instanceof Processor processor)
                    || processor.isAsync()
                    || processor.isUpgrade()) {
                return false;
            }
            long began = processor.getRequest().getStartTimeNanos();
            return began >= 0 && Duration.ofNanos(System.nanoTime() - began).toMillis() > getConnectionTimeout();
        }
    }
}
