package dev.signet.platform;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of a PATCH: only the changed fields, {@code null} where a field may be cleared, objects merged member by member
 * (RFC 7396). Applied to the current record, it gives the edited one.
 */
public final class Patch<E extends Record> {

    private final JsonMapper mapper;
    private final Validator validator;
    private final ObjectNode changes;

    Patch(JsonMapper mapper, Validator validator, ObjectNode changes) {
        this.mapper = mapper;
        this.validator = validator;
        this.changes = changes;
    }

    /**
     * The edited record. Rejects unknown fields and wrong values with 400. Fields that the patch leaves as they are may break a
     * rule that is newer than they are: that is no reason to reject a change of others.
     */
    @SuppressWarnings("unchecked")
    public E onto(E now) {
        ObjectNode whole = mapper.valueToTree(now);
        merge(whole, changes);
        E edited = (E) mapper.treeToValue(whole, now.getClass());
        Set<ConstraintViolation<E>> violations = validator.validate(edited).stream()
                .filter(violation -> changes.has(field(violation)))
                .collect(Collectors.toSet());
        if (!violations.isEmpty()) {
            throw new ConstraintViolationException(violations);
        }
        return edited;
    }

    /** Whether the body has that field, whatever its value. */
    public boolean has(String field) {
        return changes.has(field);
    }

    /** The name of the field of the edited record that the violation is in. */
    private static String field(ConstraintViolation<?> violation) {
        return violation.getPropertyPath().iterator().next().getName();
    }

    private static void merge(ObjectNode whole, ObjectNode changes) {
        changes.propertyStream().forEach(change -> {
            if (whole.get(change.getKey()) instanceof ObjectNode part
                    && change.getValue() instanceof ObjectNode inner) {
                merge(part, inner);
            } else {
                whole.set(change.getKey(), change.getValue());
            }
        });
    }

    /** Reads the body; asked lazily for the mapper, which it is part of itself. */
    static final class Deserializer extends StdDeserializer<Patch<?>> {

        private final ObjectProvider<JsonMapper> mapper;
        private final ObjectProvider<Validator> validator;

        Deserializer(ObjectProvider<JsonMapper> mapper, ObjectProvider<Validator> validator) {
            super(Patch.class);
            this.mapper = mapper;
            this.validator = validator;
        }

        @Override
        public Patch<?> deserialize(JsonParser parser, DeserializationContext context) {
            if (context.readTree(parser) instanceof ObjectNode changes) {
                return new Patch<>(mapper.getObject(), validator.getObject(), changes);
            }
            return (Patch<?>) context.handleUnexpectedToken(Patch.class, parser);
        }
    }
}
