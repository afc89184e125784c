package dev.signet.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A refusal, or several of one actor, route, reason and minute, for which the first one stands. */
record Refusal(Entry entry, String route, Instant at, String trace, int count) {

    Instant minute() {
        return at.truncatedTo(ChronoUnit.MINUTES);
    }

    String reason() {
        return entry.changes();
    }

    Refusal because(String reason) {
        return new Refusal(entry.withChanges(reason), route, at, trace, count);
    }

    Refusal times(int number) {
        return new Refusal(entry, route, at, trace, number);
    }
}
