package dev.signet.setup;

import dev.signet.platform.Setting;
import dev.signet.platform.StartRefusedException;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Goes on serving for a while after the signal to stop ({@code SIGNET_SHUTDOWN_DELAY}). Readiness is down already by then, so
 * that load balancers can look elsewhere before connections are refused. A terminal command serves nothing, and ends at once.
 */
@Component
@ConditionalOnProperty(name = "signet.command", matchIfMissing = true, havingValue = "none")
class ShutdownDelay implements Setting {

    static final Duration LONGEST = Duration.ofMinutes(5);

    private final Duration delay;

    ShutdownDelay(@Value("${signet.shutdown-delay:}") String text) {
        delay = text.isBlank() ? Duration.ZERO : parse(text.strip());
    }

    /** First of all listeners: the others begin to stop the service. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void pass() throws InterruptedException {
        Thread.sleep(delay);
    }

    private static Duration parse(String text) {
        try {
            Duration parsed = DurationStyle.detectAndParse(text);
            if (!parsed.isNegative() && parsed.compareTo(LONGEST) <= 0) {
                return parsed;
            }
        } catch (IllegalArgumentException notADuration) {
            // answered below, in our words
        }
        throw new StartRefusedException(
                "SIGNET_SHUTDOWN_DELAY is not a time of at most 5 minutes: " + text,
                "Give one with its unit, e.g. 10s.");
    }
}
