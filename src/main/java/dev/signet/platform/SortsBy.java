package dev.signet.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The words of {@code sortBy} that a list accepts, for the API document: the keys of its {@link Listed#sorts}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SortsBy {
    String[] value();
}
