package dev.signet.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections make room by network, then by age. */
class CrowdTests {

    @Test
    void theNetworkWithTheMostGoesFirstHoweverManyAddressesItUses() {
        List<Waiting<String>> waiting = List.of(
                at("first", "192.0.2.1", 90),
                at("second", "192.0.2.1", 80),
                at("a", "2001:db8:0:1::a", 5),
                at("b", "2001:db8:0:1::b", 7),
                at("c", "2001:db8:0:1:c::", 6),
                at("d", "2001:db8:0:1:d::%eth0", 4),
                at("alone", "2001:db8:0:2::a", 99));
        assertThat(leaving(waiting, 2)).containsExactly("b", "c");
    }

    @Test
    void amongEqualsTheOldestGoesFirst() {
        List<Waiting<String>> waiting = List.of(
                at("a", "192.0.2.1", 1),
                at("b", "192.0.2.2", 3),
                at("c", "192.0.2.3", 4),
                at("d", "192.0.2.4", 2),
                at("e", "192.0.2.4", 1));
        assertThat(leaving(waiting, 4)).containsExactly("d", "c", "b", "a");
    }

    @Test
    void noMoreGoThanHaveToAndThanThereAre() {
        List<Waiting<String>> waiting = List.of(at("a", "192.0.2.1", 1), at("b", "not known", 3));
        assertThat(leaving(waiting, -1)).isEmpty();
        assertThat(leaving(waiting, 0)).isEmpty();
        assertThat(leaving(waiting, 3)).containsExactly("b", "a");
    }

    private static Waiting<String> at(String name, String address, int seconds) {
        return new Waiting<>(name, address, Duration.ofSeconds(seconds));
    }

    private static List<String> leaving(List<Waiting<String>> waiting, long excess) {
        return Crowd.toLeave(waiting, excess).stream().map(Waiting::connection).toList();
    }
}
