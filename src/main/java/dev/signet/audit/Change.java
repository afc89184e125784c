package dev.signet.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What one path of a value was and became. */
@Schema(name = "AuditChange")
record Change(
        @Schema(implementation = Object.class) @Nullable JsonNode previous,
        @Schema(implementation = Object.class) @Nullable JsonNode changedTo) {

    /** They change with every edit and say nothing of it; who and when stand in the row itself. */
    private static final Set<String> ALWAYS = Set.of("modifiedAt", "modifiedBy");

    /** The difference of two values, by JSON Pointer (RFC 6901). Objects are entered, lists compared as a whole. */
    static Map<String, Change> between(ObjectNode before, ObjectNode after) {
        Map<String, Change> changes = new TreeMap<>();
        collect("", before, after, changes);
        return changes;
    }

    private static void collect(String path, ObjectNode before, ObjectNode after, Map<String, Change> changes) {
        SortedSet<String> names = new TreeSet<>(before.propertyNames());
        names.addAll(after.propertyNames());
        names.removeAll(ALWAYS);
        for (String name : names) {
            JsonNode previous = before.get(name);
            JsonNode now = after.get(name);
            String here = path + "/" + name;
            if (previous instanceof ObjectNode old && now instanceof ObjectNode current) {
                collect(here, old, current, changes);
            } else if (!Objects.equals(previous, now)) {
                changes.put(here, new Change(previous, now));
            }
        }
    }
}
