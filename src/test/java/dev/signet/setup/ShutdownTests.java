package dev.signet.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;

/** A service that is told to stop gives load balancers time to notice. */
class ShutdownTests {

    private static final Pattern GRACE = Pattern.compile("stop_grace_period: (\\S+)");

    @Test
    void requestsAreServedForAWhileAfterReadinessHasGoneDown() throws InterruptedException {
        Tenant company = Tenant.create();
        Node node = Node.apart(List.of("signet.shutdown-delay=5m"));
        Api.at(node, null).get("/actuator/health/readiness").expect(200);
        Thread closing = Thread.ofVirtual().start(node::close);
        try {
            await().until(() ->
                    Api.at(node, null).get("/actuator/health/readiness").status() == 503);
            Api.at(node, null).get("/actuator/health/liveness").expect(200);
            Api.at(node, company.bearer()).get("/api/v2/users/me").expect(200);
            assertThat(closing.isAlive()).isTrue();
        } finally {
            closing.interrupt();
            closing.join();
        }
    }

    @Test
    void composeWaitsUntilTheLongestDelayIsOverAndRequestsHaveFinished() throws Exception {
        Duration requests = Node.one()
                .bean(Environment.class)
                .getRequiredProperty("spring.lifecycle.timeout-per-shutdown-phase", Duration.class);
        Matcher grace = GRACE.matcher(Files.readString(Path.of("docker-compose.yml")));

        assertThat(grace.results().map(found -> DurationStyle.detectAndParse(found.group(1))))
                .singleElement()
                .satisfies(longest -> assertThat(longest).isGreaterThan(ShutdownDelay.LONGEST.plus(requests)));
    }
}
