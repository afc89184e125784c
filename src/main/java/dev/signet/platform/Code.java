package dev.signet.platform;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A stable handle: a small letter, then up to 59 small letters, digits and underscores. */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
@Pattern(regexp = "[a-z][a-z0-9_]{0,59}")
@ReportAsSingleViolation
@Constraint(validatedBy = {})
public @interface Code {

    String message() default "{dev.signet.code}";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
