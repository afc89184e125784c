package dev.signet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What one path of a value was and became. */
@Schema(name = "AuditChange")
record Change(
        @Schema(implementation = Object.class) @Nullable JsonNode previous,
        @Schema(implementation = Object.class) @Nullable JsonNode changedTo,

        @Schema(description = "of a long list: how many elements are in both, and left out here")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Integer unchanged) {

    /** From how many common elements on a list is not repeated whole. */
    private static final int LONG = 10;

    /** They change with every edit and say nothing of it; who and when stand in the row itself. */
    private static final Set<String> ALWAYS = Set.of("modifiedAt", "modifiedBy");

    /** The difference of two values, by JSON Pointer (RFC 6901). Objects are entered. Of long lists only what was taken out and added. */
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
                changes.put(here, of(previous, now));
            }
        }
    }

    private static Change of(@Nullable JsonNode previous, @Nullable JsonNode now) {
        Change whole = new Change(previous, now, null);
        return previous instanceof ArrayNode old && now instanceof ArrayNode current
                ? shortened(whole, old, current)
                : whole;
    }

    /** The difference of the lists, if they have much in common. A list in another order, or with repetitions, stays whole. */
    private static Change shortened(Change whole, ArrayNode before, ArrayNode after) {
        Set<JsonNode> removed = new LinkedHashSet<>(before.values());
        Set<JsonNode> added = new LinkedHashSet<>(after.values());
        if (removed.size() < before.size() || added.size() < after.size()) {
            return whole;
        }
        removed.removeAll(after.values());
        added.removeAll(before.values());
        int different = removed.size() + added.size();
        int common = before.size() - removed.size();
        return different > 0 && common >= LONG && common > different
                ? new Change(list(removed), list(added), common)
                : whole;
    }

    private static ArrayNode list(Set<JsonNode> elements) {
        return JsonNodeFactory.instance.arrayNode().addAll(elements);
    }
}
