package dev.signet.setup;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A service that is told to stop gives load balancers time to notice. */
class ShutdownTests {

    @Test
    @SuppressWarnings("try") // closing it is what is tested
    void requestsAreServedForAWhileAfterReadinessHasGoneDown() {
        Tenant company = Tenant.create();
        try (Node node = Node.apart(List.of("signet.shutdown-delay=3s"))) {
            Api.at(node, null).get("/actuator/health/readiness").expect(200);
            CompletableFuture<Void> closing = runAsync(node::close, Thread.ofVirtual()::start);

            await().until(() ->
                    Api.at(node, null).get("/actuator/health/readiness").status() == 503);
            Api.at(node, null).get("/actuator/health/liveness").expect(200);
            Api.at(node, company.bearer()).get("/api/v2/users/me").expect(200);
            assertThat(closing).isNotDone();
            closing.join();
        }
    }
}
