package dev.signet.platform;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.Size;
import java.util.Collection;
import org.hibernate.validator.HibernateValidatorConfiguration;
import org.hibernate.validator.cfg.ConstraintMapping;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.validation.autoconfigure.ValidationConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Every {@code @Size} of a text counts characters (code points), as PostgreSQL and JSON Schema do, not Java's halves of them. */
@Configuration(proxyBeanMethods = false)
class ValidationConfiguration {

    @Bean
    ValidationConfigurationCustomizer sizeInCharacters() {
        return configuration -> {
            if (configuration instanceof HibernateValidatorConfiguration hibernate) {
                ConstraintMapping mapping = hibernate.createConstraintMapping();
                mapping.constraintDefinition(Size.class)
                        .includeExistingValidators(false)
                        .validatedBy(OfText.class)
                        .validatedBy(OfCollection.class);
                hibernate.addMapping(mapping);
            }
        };
    }

    abstract static class Bounded<T> implements ConstraintValidator<Size, T> {

        private int min;
        private int max;

        @Override
        public void initialize(Size size) {
            min = size.min();
            max = size.max();
        }

        boolean has(int size) {
            return size >= min && size <= max;
        }
    }

    /** Made by the validator, by class. */
    static class OfText extends Bounded<String> {
        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null || has(text.codePointCount(0, text.length()));
        }
    }

    /** Made by the validator, by class. */
    static class OfCollection extends Bounded<Collection<?>> {
        @Override
        public boolean isValid(@Nullable Collection<?> items, ConstraintValidatorContext context) {
            return items == null || has(items.size());
        }
    }
}
