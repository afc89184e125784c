package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionPoolsTests {

    @ParameterizedTest
    @ValueSource(strings = {"readers", "writers"})
    void bothPoolsAreMeasured(String pool) {
        MeterRegistry meters = Node.one().bean(MeterRegistry.class);
        assertThat(meters.get("hikaricp.connections.max")
                        .tag("pool", pool)
                        .gauge()
                        .value())
                .isEqualTo(10);
    }
}
