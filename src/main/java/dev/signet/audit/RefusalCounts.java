package dev.signet.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts this node's refusals, to tell the first of a minute, which are written at once, from the others, which are added up. */
final class RefusalCounts {

    /** How many refusals of one actor, route, reason and minute are written at once. */
    static final int AT_ONCE = 20;

    /** How many reasons of one actor and route are counted apart in a minute. All others are counted as one. */
    static final int REASONS = 20;

    /** The reason that stands for all others. */
    static final String OTHER = "{\"code\": \"other\"}";

    /** Longer reasons, which only lists of made-up permissions are, are not kept in memory: they count as others. */
    private static final int LONGEST_REASON = 500;

    /** How many counts are kept, some 16 MB. Refusals beyond that are all written at once. */
    private static final int MOST = 20_000;

    /** The refusals whose reasons are counted together. */
    private record Source(
            String actor,
            Instant minute,
            String route,
            Event event,
            @Nullable String company,
            @Nullable String token) {

        static Source of(Refusal refusal) {
            Entry entry = refusal.entry();
            return new Source(
                    entry.actorOrAddress(),
                    refusal.minute(),
                    refusal.route(),
                    entry.event(),
                    entry.company(),
                    entry.token());
        }
    }

    private final Map<Source, Map<String, Refusal>> counts = new HashMap<>();
    private int kept;

    /** Counts the refusal. Whether it is one of the first, which are to be written at once. */
    synchronized boolean isFirst(Refusal refusal) {
        Source source = Source.of(refusal);
        Map<String, Refusal> reasons = counts.getOrDefault(source, Map.of());
        String reason = refusal.reason();
        if (!reasons.containsKey(reason) && (reasons.size() >= REASONS || reason.length() > LONGEST_REASON)) {
            reason = OTHER;
        }
        Refusal counted = reasons.get(reason);
        if (counted == null && kept >= MOST) {
            return true;
        }
        if (counted == null) {
            kept++;
        }
        int number = counted == null ? 1 : counted.count() + 1;
        counts.computeIfAbsent(source, key -> new HashMap<>())
                .put(reason, counted == null ? refusal.because(reason) : counted.times(number));
        return number <= AT_ONCE;
    }

    /** Takes out all minutes before the given one, and returns what was counted in them beyond the first. */
    synchronized List<Refusal> takeBefore(Instant minute) {
        List<Refusal> taken = new ArrayList<>();
        counts.entrySet().removeIf(entry -> {
            if (!entry.getKey().minute().isBefore(minute)) {
                return false;
            }
            kept -= entry.getValue().size();
            entry.getValue().values().stream()
                    .filter(counted -> counted.count() > AT_ONCE)
                    .map(counted -> counted.times(counted.count() - AT_ONCE))
                    .forEach(taken::add);
            return true;
        });
        return taken;
    }
}
