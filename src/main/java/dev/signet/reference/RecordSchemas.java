package dev.signet.reference;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JavaType;
import dev.signet.platform.One;
import dev.signet.platform.Patch;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Adds what the library does not read from our records: which members may be null, that JSON always has a member unless it
 * is declared to be left out, and that a PATCH requires nothing.
 */
@Component
@SuppressWarnings({"rawtypes", "unchecked"}) // the library's own models are raw
class RecordSchemas implements ModelConverter {

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        JavaType java = Json31.mapper().constructType(type.getType());
        if (java.getRawClass() == One.class) {
            Schema<?> envelope = new ObjectSchema().addProperty("data", resolved(java.containedType(0), context));
            envelope.setRequired(List.of("data"));
            return envelope;
        }
        if (java.getRawClass() == Patch.class) {
            Schema<?> edited = resolved(java.containedType(0), context);
            requireNothing(model(edited, context), context);
            return edited;
        }
        Schema<?> schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
        if (schema != null && java.getRawClass().isRecord()) {
            Schema model = model(schema, context);
            if (model.getProperties() != null) {
                References.keepAsRequest(model);
                Set<String> required = new TreeSet<>();
                members(java.getRawClass(), model.getProperties(), required);
                model.setRequired(List.copyOf(required));
            }
        }
        return schema;
    }

    /** Makes members nullable that may be null, and collects the names of those that are always there. */
    private static void members(Class<?> type, Map<String, Schema> properties, Set<String> required) {
        for (Method member : type.getDeclaredMethods()) {
            if (member.getParameterCount() > 0 || Modifier.isStatic(member.getModifiers())) {
                continue;
            }
            if (member.isAnnotationPresent(JsonUnwrapped.class)) {
                members(member.getReturnType(), properties, required);
                continue;
            }
            String name = name(member);
            Schema<?> property = properties.get(name);
            if (property != null && !member.isAnnotationPresent(JsonInclude.class)) {
                required.add(name);
                if (member.getAnnotatedReturnType().isAnnotationPresent(Nullable.class)) {
                    properties.put(name, nullable(property));
                }
            }
        }
    }

    private static String name(Method member) {
        JsonProperty named = member.getAnnotation(JsonProperty.class);
        return named == null || named.value().isEmpty() ? member.getName() : named.value();
    }

    private static Schema<?> nullable(Schema<?> property) {
        if (property.get$ref() != null || property.getEnum() != null) {
            return new Schema<>().anyOf(List.of(property, new Schema<>().types(Set.of(References.NULL))));
        }
        if (property.getTypes() != null) {
            property.addType(References.NULL);
        }
        return property;
    }

    private static void requireNothing(Schema model, ModelConverterContext context) {
        model.setRequired(null);
        References.keepAsRequest(model);
        Map<String, Schema> properties = model.getProperties();
        // an object is merged member by member; elsewhere the same object may require them
        if (properties != null) {
            properties.replaceAll((name, property) -> property.get$ref() == null
                    ? property
                    : new ObjectSchema().properties(model(property, context).getProperties()));
        }
    }

    private static Schema<?> resolved(JavaType type, ModelConverterContext context) {
        return context.resolve(new AnnotatedType(type).resolveAsRef(true));
    }

    private static Schema<?> model(Schema<?> schema, ModelConverterContext context) {
        String reference = schema.get$ref();
        return reference == null ? schema : context.getDefinedModels().getOrDefault(References.name(reference), schema);
    }
}
