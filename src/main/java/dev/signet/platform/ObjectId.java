package dev.signet.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An id, or a list of ids, in a body or a query. Its hex digits may arrive in uppercase and mean the same id; inside, ids are
 * in lowercase. Path variables need no mark: a segment of 24 hex digits is always an id.
 */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface ObjectId {}
