package dev.signet.reference;

import io.swagger.v3.oas.models.media.Schema;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The schemas of a document's components, and how they refer to one another. */
@SuppressWarnings("rawtypes") // the library's own models are raw
record References(Map<String, Schema> components) {

    static final String NULL = "null";

    /** What a request must have, while {@code required} is what a response has. No document shows it. */
    private static final String IN_REQUESTS = "x-required-in-requests";

    /** Notes what the library took for required, from the constraints, before it becomes what responses have. */
    static void keepAsRequest(Schema<?> model) {
        boolean noted = model.getExtensions() != null && model.getExtensions().containsKey(IN_REQUESTS);
        if (!noted || model.getRequired() == null) {
            model.addExtension(IN_REQUESTS, requiredOf(model));
        }
    }

    /** What a request must have. */
    static List<String> inRequests(Schema<?> model) {
        return model.getExtensions() != null && model.getExtensions().get(IN_REQUESTS) instanceof List<?> names
                ? names.stream().map(String.class::cast).toList()
                : requiredOf(model);
    }

    static List<String> requiredOf(Schema<?> model) {
        return model.getRequired() == null ? List.of() : List.copyOf(model.getRequired());
    }

    static void forget(Schema<?> model) {
        if (model.getExtensions() != null) {
            model.getExtensions().remove(IN_REQUESTS);
        }
    }

    /** The component's name in {@code #/components/schemas/…}. */
    static String name(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    /** The schema itself and every schema written inside it, without following references. */
    static Stream<Schema<?>> inside(@Nullable Schema<?> schema) {
        if (schema == null) {
            return Stream.of();
        }
        Stream<Schema> parts = Stream.of(
                        schema.getProperties() == null
                                ? List.<Schema>of()
                                : schema.getProperties().values(),
                        schema.getItems() == null ? List.<Schema>of() : List.of((Schema) schema.getItems()),
                        schema.getAdditionalProperties() instanceof Schema more ? List.of(more) : List.<Schema>of(),
                        schema.getAnyOf() == null ? List.<Schema>of() : schema.getAnyOf())
                .flatMap(part -> part.stream().map(Schema.class::cast));
        return Stream.concat(Stream.of(schema), parts.flatMap(References::inside));
    }

    /** The names of all components that those schemas use, directly or through others. */
    Set<String> used(Stream<Schema<?>> schemas) {
        Set<String> names = new LinkedHashSet<>();
        schemas.forEach(schema -> collect(schema, names));
        return names;
    }

    Schema<?> get(String name) {
        return Objects.requireNonNull(components.get(name), name);
    }

    /** The schema itself, or the one that it refers to. */
    Schema<?> resolve(Schema<?> schema) {
        return schema.get$ref() == null ? schema : get(name(schema.get$ref()));
    }

    private void collect(Schema<?> schema, Set<String> names) {
        inside(schema).forEach(part -> {
            if (part.get$ref() != null && names.add(name(part.get$ref()))) {
                collect(resolve(part), names);
            }
        });
    }
}
