package dev.signet.platform;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** An e-mail address, read in its canonical form ({@link EmailAddress}). */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@JsonDeserialize(using = Email.Cleaner.class)
@Constraint(validatedBy = Email.Validator.class)
public @interface Email {

    String message() default "{dev.signet.email}";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    class Validator implements ConstraintValidator<Email, String> {
        @Override
        public boolean isValid(@Nullable String email, ConstraintValidatorContext context) {
            return email == null || EmailAddress.canonical(email) != null;
        }
    }

    class Cleaner extends StdScalarDeserializer<String> {

        public Cleaner() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            String text = context.readValue(parser, String.class);
            return Objects.requireNonNullElse(EmailAddress.canonical(text), text);
        }
    }
}
