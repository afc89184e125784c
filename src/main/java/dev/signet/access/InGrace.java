package dev.signet.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A changing route that also serves a caller whose secret was replaced and is in its grace, because it hands out nothing
 * lasting. Reads need no mark; every other route rejects such a caller.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface InGrace {}
