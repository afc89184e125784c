package dev.signet.reference;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/**
 * Makes the complete document exact enough to generate strict clients from. Schemas say what responses always contain; those
 * of request bodies say what must be sent, by its constraints, and that an unknown member is refused.
 */
@Component
@SuppressWarnings({"rawtypes", "unchecked"}) // the library's own models are raw
class StrictSchemas implements OpenApiCustomizer {

    private static final Pattern WORDS = Pattern.compile("[\\w/-]+(\\|[\\w/-]+)+");

    @Override
    public void customise(OpenAPI document) {
        References references = new References(document.getComponents().getSchemas());
        List<MediaType> requests = requests(document).toList();
        Set<String> sent = references.used(schemas(requests.stream()));
        split(document, references, sent);
        sent.forEach(name -> asRequest(references.get(name)));
        requests.forEach(request -> {
            Object example = example(request.getSchema(), references);
            if (example != null) {
                request.setExample(example);
            }
        });
        parameters(document).forEach(StrictSchemas::neverNull);
        Stream.of(
                        references.components().values().stream().map(schema -> (Schema<?>) schema),
                        parameters(document).map(Parameter::getSchema).map(schema -> (Schema<?>) schema),
                        schemas(responses(document)))
                .flatMap(schemas -> schemas)
                .flatMap(References::inside)
                .forEach(StrictSchemas::anchor);
        dropUnused(document, references);
        references.components().values().forEach(References::forget);
        document.getComponents().setSchemas(new TreeMap<>(references.components()));
    }

    /** Gives requests a schema of their own where they share one with responses that requires more. */
    private static void split(OpenAPI document, References references, Set<String> sent) {
        Set<String> shared = references.used(schemas(responses(document)));
        shared.retainAll(sent);
        shared.removeIf(name ->
                References.inRequests(references.get(name)).equals(References.requiredOf(references.get(name))));
        sent.removeAll(shared);
        for (String name : shared) {
            Schema<?> answered = references.get(name);
            Schema<?> request = new ObjectSchema().properties(new LinkedHashMap<>(answered.getProperties()));
            request.setRequired(References.inRequests(answered));
            references.components().put("New" + name, request);
            sent.add("New" + name);
        }
        Stream.concat(schemas(requests(document)), sent.stream().map(references::get))
                .flatMap(References::inside)
                .filter(part -> part.get$ref() != null && shared.contains(References.name(part.get$ref())))
                .forEach(part -> part.set$ref("New" + References.name(part.get$ref())));
    }

    private static void asRequest(Schema<?> schema) {
        schema.setRequired(References.inRequests(schema));
        References.inside(schema)
                .filter(part -> part.getProperties() != null)
                .forEach(part -> part.setAdditionalProperties(false));
    }

    /** Made of the examples of the members that a body must have or, where it must have none, of all examples. */
    private static @Nullable Object example(Schema<?> schema, References references) {
        Schema<?> model = references.resolve(schema);
        if (model.getProperties() == null) {
            return model.getExample();
        }
        Map<String, Object> example = new LinkedHashMap<>();
        model.getProperties().forEach((name, property) -> {
            boolean shown = model.getRequired() == null || model.getRequired().contains(name);
            Object value = shown ? example((Schema<?>) property, references) : null;
            if (value != null) {
                example.put(name, value);
            }
        });
        return example.isEmpty() ? null : example;
    }

    /** Nothing can be null in a URL or a header. */
    private static void neverNull(Parameter parameter) {
        Set<String> types = parameter.getSchema().getTypes();
        if (types != null) {
            types.remove(References.NULL);
        }
    }

    /** Our patterns match the whole text, those of JSON Schema any part of it. A choice of words is an enum. */
    private static void anchor(Schema schema) {
        String pattern = schema.getPattern();
        if (pattern == null || pattern.startsWith("^")) {
            return;
        }
        if (WORDS.matcher(pattern).matches()) {
            schema.setPattern(null);
            schema.setEnum(List.of(pattern.split("\\|")));
        } else {
            schema.setPattern("^" + (pattern.contains("|") ? "(?:" + pattern + ")" : pattern) + "$");
        }
    }

    private static void dropUnused(OpenAPI document, References references) {
        Set<String> used = references.used(Stream.concat(schemas(requests(document)), schemas(responses(document))));
        references.components().keySet().retainAll(used);
        Set<String> answered = operations(document)
                .flatMap(operation -> operation.getResponses().values().stream())
                .filter(response -> response.get$ref() != null)
                .map(response -> References.name(response.get$ref()))
                .collect(Collectors.toSet());
        document.getComponents().getResponses().keySet().retainAll(answered);
    }

    private static Stream<Operation> operations(OpenAPI document) {
        return document.getPaths().values().stream()
                .map(PathItem::readOperations)
                .flatMap(List::stream);
    }

    private static Stream<Parameter> parameters(OpenAPI document) {
        return operations(document)
                .map(Operation::getParameters)
                .filter(Objects::nonNull)
                .flatMap(List::stream);
    }

    private static Stream<MediaType> requests(OpenAPI document) {
        return operations(document)
                .map(Operation::getRequestBody)
                .filter(Objects::nonNull)
                .flatMap(body -> media(body.getContent()));
    }

    private static Stream<MediaType> responses(OpenAPI document) {
        return Stream.concat(
                        operations(document).flatMap(operation -> operation.getResponses().values().stream()),
                        document.getComponents().getResponses().values().stream())
                .flatMap(response -> media(response.getContent()));
    }

    private static Stream<MediaType> media(@Nullable Content content) {
        return content == null ? Stream.of() : content.values().stream().filter(media -> media.getSchema() != null);
    }

    private static Stream<Schema<?>> schemas(Stream<MediaType> media) {
        return media.map(MediaType::getSchema);
    }
}
