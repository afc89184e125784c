package dev.signet.security;

import dev.signet.platform.Addresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

/** Which connections make room for new ones when there are too many. */
final class Crowd {

    private Crowd() {}

    /**
     * So many of them, or all: again and again the oldest of the network that has the most. A client with one IPv6
     * address has its whole network, so counting addresses would count nothing. Where networks have equally many, the oldest goes first.
     */
    static <C> List<Waiting<C>> toLeave(List<Waiting<C>> waiting, long excess) {
        List<Waiting<C>> leaving = new ArrayList<>();
        if (excess <= 0) {
            return leaving;
        }
        Comparator<Waiting<C>> oldestFirst =
                Comparator.<Waiting<C>, Duration>comparing(Waiting::age).reversed();
        Map<String, Queue<Waiting<C>>> networks = new HashMap<>();
        for (Waiting<C> one : waiting) {
            networks.computeIfAbsent(
                            Addresses.owned(one.address()).getFirst(), network -> new PriorityQueue<>(oldestFirst))
                    .add(one);
        }
        Queue<Queue<Waiting<C>>> mostFirst = new PriorityQueue<>(Comparator.<Queue<Waiting<C>>>comparingInt(Queue::size)
                .reversed()
                .thenComparing(Queue::element, oldestFirst));
        mostFirst.addAll(networks.values());
        while (leaving.size() < excess && !mostFirst.isEmpty()) {
            Queue<Waiting<C>> most = mostFirst.remove();
            leaving.add(most.remove());
            if (!most.isEmpty()) {
                mostFirst.add(most);
            }
        }
        return leaving;
    }
}
