package dev.signet.platform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The conditions of a list. SQL text comes from the code alone; what the caller sent is only ever a parameter. */
public final class Where {

    private final List<String> conditions = new ArrayList<>();
    private final List<String> found = new ArrayList<>();
    private final Map<String, Object> parameters = new HashMap<>();

    Where() {}

    /** Adds the condition, which names its parameter, unless the value is absent. */
    public Where and(String condition, String parameter, @Nullable Object value) {
        return value == null ? this : and(condition, Map.of(parameter, value));
    }

    /** Adds the condition, or its opposite where false was asked for; nothing where neither was. */
    public Where and(String condition, @Nullable Boolean wanted) {
        if (wanted == null) {
            return this;
        }
        return and(wanted ? condition : "not (" + condition + ")");
    }

    public Where and(String condition) {
        return and(condition, Map.of());
    }

    public Where and(String condition, Map<String, Object> values) {
        conditions.add(condition);
        parameters.putAll(values);
        return this;
    }

    /** Adds a way to find a row by what was searched for, unless the value is absent. One of them must hold. */
    public Where orFoundBy(String condition, String parameter, @Nullable Object value) {
        if (value != null) {
            found.add(condition);
            parameters.put(parameter, value);
        }
        return this;
    }

    String sql() {
        return " where " + String.join(" and ", conditions)
                + (found.isEmpty() ? "" : " and (" + String.join(" or ", found) + ")");
    }

    Map<String, Object> parameters() {
        return parameters;
    }
}
