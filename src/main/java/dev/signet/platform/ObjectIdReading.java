package dev.signet.platform;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.ConditionalGenericConverter;
import org.springframework.web.bind.annotation.PathVariable;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.util.StdConverter;

/** The one place where the ids of a request become lowercase: in JSON, in queries and in paths. */
public final class ObjectIdReading {

    private ObjectIdReading() {}

    /** For path variables and parameters. */
    public static ConditionalGenericConverter ofParameters() {
        return new ParameterConverter();
    }

    /** For bodies. */
    static AnnotationIntrospector ofBodies() {
        return new BodyIntrospector();
    }

    private static final class ParameterConverter implements ConditionalGenericConverter {

        @Override
        public Set<ConvertiblePair> getConvertibleTypes() {
            return Set.of(new ConvertiblePair(String.class, String.class));
        }

        /** A list hands its annotations down to its elements. */
        @Override
        public boolean matches(TypeDescriptor source, TypeDescriptor target) {
            return target.hasAnnotation(ObjectId.class) || target.hasAnnotation(PathVariable.class);
        }

        @Override
        public @Nullable Object convert(@Nullable Object text, TypeDescriptor source, TypeDescriptor target) {
            return text == null ? null : Ids.lowercase((String) text);
        }
    }

    private static final class BodyIntrospector extends NopAnnotationIntrospector {

        @Override
        public @Nullable Object findDeserializationConverter(MapperConfig<?> config, Annotated property) {
            return property.hasAnnotation(ObjectId.class) && property.getRawType() == String.class
                    ? new BodyConverter()
                    : null;
        }

        @Override
        public @Nullable Object findDeserializationContentConverter(MapperConfig<?> config, AnnotatedMember property) {
            return property.hasAnnotation(ObjectId.class) && property.getRawType() != String.class
                    ? new BodyConverter()
                    : null;
        }

        @Override
        public Version version() {
            return Version.unknownVersion();
        }
    }

    private static final class BodyConverter extends StdConverter<String, String> {

        @Override
        public String convert(String text) {
            return Ids.lowercase(text);
        }
    }
}
