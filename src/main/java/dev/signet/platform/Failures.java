package dev.signet.platform;

import jakarta.validation.ConstraintViolationException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.validation.BindException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Which refusal a failure is: the frameworks' exceptions in the contract's words, none of their messages. */
public final class Failures {

    private static final Duration UNTIL_DATABASE_IS_BACK = Duration.ofSeconds(5);

    /**
     * SQL states after which the same statement may succeed in a moment, or on another server: broken connections (08), no
     * space or memory (53), a server that stops or starts (57P), its disk (58), a read-only server (25006), time-outs of
     * statements, locks and transactions (57014, 55P03, 25P03, 25P04), conflicts between transactions (40001, 40P01).
     */
    private static final Pattern PASSING_STATES =
            Pattern.compile("08.{3}|53.{3}|57P.{2}|58.{3}|25006|25P03|25P04|40001|40P01|55P03|57014");

    private Failures() {}

    static ProblemException refusal(Throwable failure) {
        if (failure instanceof ProblemException refusal) {
            return refusal;
        }
        if (failure instanceof HttpMessageNotReadableException e) {
            return body(e.getCause());
        }
        if (failure instanceof JacksonException e) {
            return body(e);
        }
        if (failure instanceof BindException e) {
            return fields(e);
        }
        if (failure instanceof ConstraintViolationException e) {
            return fields(e);
        }
        if (failure instanceof InvalidParameterException) {
            return ProblemException.invalid("query", "query");
        }
        if (failure instanceof MissingServletRequestParameterException e) {
            return ProblemException.invalid(e.getParameterName(), "required");
        }
        if (failure instanceof MethodArgumentTypeMismatchException e) {
            return ProblemException.invalid(e.getName(), e.getRequiredType() == Instant.class ? "time" : "type");
        }
        if (failure instanceof MissingKeyException || isDatabaseAway(failure)) {
            return unavailable();
        }
        if (failure instanceof OptimisticLockingFailureException) {
            return Problem.CONFLICT.with();
        }
        return status(failure instanceof ErrorResponse e ? e.getStatusCode().value() : 500);
    }

    /** The refusal that a bare status stands for, as containers and frameworks give it. */
    static ProblemException status(int status) {
        for (Problem problem : Set.of(
                Problem.UNAUTHENTICATED,
                Problem.NOT_FOUND,
                Problem.NOT_ACCEPTABLE,
                Problem.REQUEST_TIMEOUT,
                Problem.TOO_MANY_REQUESTS,
                Problem.NOT_IMPLEMENTED,
                Problem.HTTP_VERSION)) {
            if (problem.status().value() == status) {
                return problem.with();
            }
        }
        if (status == HttpStatus.CONTENT_TOO_LARGE.value()) {
            return ProblemException.tooLarge(Input.LARGEST_JSON);
        }
        if (status == HttpStatus.UNSUPPORTED_MEDIA_TYPE.value()) {
            return Problem.UNSUPPORTED_MEDIA_TYPE.with("application/json");
        }
        if (status == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            return unavailable();
        }
        return status >= 400 && status < 500
                ? ProblemException.invalid("", "malformed")
                : Problem.INTERNAL_ERROR.with();
    }

    /**
     * Whether the same request may succeed once the database can serve it again. The SQL state of the root cause decides;
     * where the failure has none, the exceptions that stand for a missing connection or an unfinished transaction do.
     */
    public static boolean isDatabaseAway(Throwable failure) {
        if (causes(failure).anyMatch(Failures::isWithoutConnection)) {
            return true;
        }
        String state = sqlState(failure);
        return state == null
                ? causes(failure).anyMatch(Failures::isDatabaseFailure)
                : PASSING_STATES.matcher(state).matches();
    }

    /**
     * Logs a failure outside of a request: one line while the database is away, since a stack trace would say nothing more and
     * there would be one for every attempt, otherwise with the stack trace.
     */
    public static void log(Logger log, String what, Throwable failure) {
        if (isDatabaseAway(failure)) {
            log.warn("{}: {}", what, reason(failure));
        } else {
            log.error(what, failure);
        }
    }

    /** The root cause in one line, without the statement that failed. */
    public static String reason(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        String state = sqlState(failure);
        String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        return root.getClass().getSimpleName() + (state == null ? "" : " " + state) + ": " + message;
    }

    private static boolean isWithoutConnection(Throwable cause) {
        return cause instanceof SQLTransientConnectionException || cause instanceof CannotCreateTransactionException;
    }

    private static boolean isDatabaseFailure(Throwable cause) {
        return cause instanceof TransactionSystemException
                || cause instanceof TransactionTimedOutException
                || cause instanceof org.hibernate.TransactionException
                || cause instanceof QueryTimeoutException
                || (cause instanceof TransientDataAccessException
                        && !(cause instanceof OptimisticLockingFailureException))
                || cause instanceof NonTransientDataAccessResourceException;
    }

    /** The state nearest to the root, or null where the database did not answer with one. */
    private static @Nullable String sqlState(Throwable failure) {
        return causes(failure)
                .map(cause -> cause instanceof SQLException e ? e.getSQLState() : null)
                .filter(Objects::nonNull)
                .reduce((outer, inner) -> inner)
                .orElse(null);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static ProblemException unavailable() {
        return Problem.UNAVAILABLE.with().retryAfter(UNTIL_DATABASE_IS_BACK);
    }

    private static ProblemException body(@Nullable Throwable cause) {
        if (cause == null) {
            return ProblemException.invalid("", "body_required");
        }
        if (!(cause instanceof JacksonException e)) {
            return ProblemException.invalid("", "body");
        }
        return switch (e) {
            case StreamConstraintsException tooMuch -> tooMuch(tooMuch);
            case InputCoercionException number -> ProblemException.invalid(place(number), "number_range");
            case StreamReadException malformed ->
                isRepeated(malformed)
                        ? ProblemException.invalid(place(malformed), "duplicate_field")
                        : malformed(malformed);
            case UnrecognizedPropertyException unknown -> ProblemException.invalid(path(unknown), "unknown_field");
            case MismatchedInputException wrong -> ProblemException.invalid(path(wrong), mismatch(wrong));
            default -> malformed(e);
        };
    }

    /** Names a position, not a field: what looks like a name in text that is not JSON may be a password. */
    private static ProblemException malformed(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null
                ? ProblemException.invalid("", "body")
                : ProblemException.invalid("", "json", at.getLineNr(), at.getColumnNr());
    }

    /** The bounds that JsonConfiguration sets, and the library's own on numbers and names. */
    private static ProblemException tooMuch(StreamConstraintsException e) {
        String message = String.valueOf(e.getOriginalMessage());
        if (message.contains("nesting depth")) {
            return ProblemException.invalid("", "too_deep");
        }
        return message.contains("Document length")
                ? ProblemException.tooLarge(Input.LARGEST_JSON)
                : message.contains("Number") ? ProblemException.invalid("", "number_length") : malformed(e);
    }

    private static boolean isRepeated(StreamReadException e) {
        return String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
    }

    private static String mismatch(MismatchedInputException e) {
        if (e.getPath().isEmpty()) {
            return "json_object";
        }
        if (e.getTargetType() == Instant.class) {
            return "time";
        }
        return e instanceof InvalidFormatException && e.getTargetType() == String.class ? "text" : "type";
    }

    /** Where the parser stood when it could not go on: a value that is not bound yet has no other path. */
    private static String place(JacksonException e) {
        if (!(e.processor() instanceof JsonParser parser)) {
            return path(e);
        }
        String place = "";
        for (TokenStreamContext at = parser.streamReadContext(); at != null; at = at.getParent()) {
            if (at.inObject() && at.currentName() != null) {
                place = at.currentName() + (place.isEmpty() || place.startsWith("[") ? "" : ".") + place;
            } else if (at.inArray() && at.hasCurrentIndex()) {
                place = "[" + at.getCurrentIndex() + "]" + (place.isEmpty() || place.startsWith("[") ? "" : ".")
                        + place;
            }
        }
        return place;
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        e.getPath().forEach(step -> {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        });
        return path.toString();
    }

    private static ProblemException fields(BindException e) {
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        for (FieldError error : e.getFieldErrors()) {
            if (error.isBindingFailure()) {
                unreadable(refusal, error);
            } else {
                refusal.field(
                        error.getField(),
                        code(String.valueOf(error.getCode())),
                        String.valueOf(error.getDefaultMessage()));
            }
        }
        return refusal;
    }

    private static void unreadable(ProblemException refusal, FieldError error) {
        Class<?> wanted = error.contains(ConversionFailedException.class)
                ? error.unwrap(ConversionFailedException.class).getTargetType().getType()
                : Object.class;
        Object[] words = wanted.getEnumConstants();
        if (words != null) {
            refusal.field(
                    error.getField(),
                    "one_of",
                    Arrays.stream(words).map(Object::toString).collect(Collectors.joining(", ")));
        } else {
            refusal.field(error.getField(), wanted == Instant.class ? "time" : "type");
        }
    }

    private static ProblemException fields(ConstraintViolationException e) {
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        e.getConstraintViolations()
                .forEach(violation -> refusal.field(
                        // a list's element is named by its index alone, as where the whole body is checked
                        violation.getPropertyPath().toString().replace(".<list element>", ""),
                        code(violation
                                .getConstraintDescriptor()
                                .getAnnotation()
                                .annotationType()
                                .getSimpleName()),
                        violation.getMessage()));
        return refusal;
    }

    private static String code(String constraint) {
        return switch (constraint) {
            case "NotNull", "NotBlank", "NotEmpty" -> "required";
            default -> constraint.toLowerCase(Locale.ROOT);
        };
    }
}
