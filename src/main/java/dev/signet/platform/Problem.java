package dev.signet.platform;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/**
 * Every refusal that the service knows. Its code is a stable word for programs; its words for people stand in
 * {@code problems.properties} (title, detail, help), in each language.
 */
public enum Problem {
    INVALID_REQUEST(HttpStatus.BAD_REQUEST),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED),
    INVALID_TOKEN(HttpStatus.UNAUTHORIZED),
    TOKEN_EXPIRED(HttpStatus.UNAUTHORIZED),
    TOKEN_INACTIVE(HttpStatus.UNAUTHORIZED),
    TOKEN_REVOKED(HttpStatus.UNAUTHORIZED),
    SIGNIN_FAILED(HttpStatus.UNAUTHORIZED),
    COOKIE_MISSING(HttpStatus.UNAUTHORIZED),
    SESSION_ENDED(HttpStatus.UNAUTHORIZED),
    INSUFFICIENT_SCOPE(HttpStatus.FORBIDDEN),
    PASSWORD_CHANGE_REQUIRED(HttpStatus.FORBIDDEN),
    IP_NOT_ALLOWED(HttpStatus.FORBIDDEN),
    WIDER_THAN_OWN(HttpStatus.FORBIDDEN),
    NOT_A_MEMBER(HttpStatus.FORBIDDEN),
    READ_ONLY_CHANNEL(HttpStatus.FORBIDDEN),
    CANNOT_ACT_FOR(HttpStatus.FORBIDDEN),
    NOT_YOUR_MESSAGE(HttpStatus.FORBIDDEN),
    TOO_LATE(HttpStatus.FORBIDDEN),
    FOREIGN_ORIGIN(HttpStatus.FORBIDDEN),
    NOT_FOUND(HttpStatus.NOT_FOUND),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE),
    REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT),
    CODE_TAKEN(HttpStatus.CONFLICT),
    ALREADY_REVOKED(HttpStatus.CONFLICT),
    NOT_ACTIVE(HttpStatus.CONFLICT),
    SECRET_REPLACED(HttpStatus.CONFLICT),
    TOO_MANY_TOKENS(HttpStatus.CONFLICT),
    LOCKED_ROLE(HttpStatus.CONFLICT),
    EMAIL_TAKEN(HttpStatus.CONFLICT),
    DIRECT_CHANNEL(HttpStatus.CONFLICT),
    TOO_MANY_REACTIONS(HttpStatus.CONFLICT),
    CHANNEL_INACTIVE(HttpStatus.CONFLICT),
    MANAGED_BY_TOKEN(HttpStatus.CONFLICT),
    OWN_PASSWORD(HttpStatus.CONFLICT),
    LAST_ADMINISTRATOR(HttpStatus.CONFLICT),
    CONFLICT(HttpStatus.CONFLICT),
    STALE(HttpStatus.PRECONDITION_FAILED),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE),
    UNSUPPORTED_CONTENT_ENCODING(HttpStatus.UNSUPPORTED_MEDIA_TYPE),
    KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT),
    TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS),
    TOO_MANY_STREAMS(HttpStatus.TOO_MANY_REQUESTS),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR),
    NOT_IMPLEMENTED(HttpStatus.NOT_IMPLEMENTED),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE),
    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE),
    HTTP_VERSION(HttpStatus.HTTP_VERSION_NOT_SUPPORTED);

    private final HttpStatus status;

    Problem(HttpStatus status) {
        this.status = status;
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The challenge of RFC 6750 §3: without an error where no bearer token was sent. */
    String challenge() {
        String realm = "Bearer realm=\"signet\"";
        return switch (this) {
            case UNAUTHENTICATED, SIGNIN_FAILED, COOKIE_MISSING, SESSION_ENDED -> realm;
            case INSUFFICIENT_SCOPE -> realm + ", error=\"insufficient_scope\"";
            default -> realm + ", error=\"invalid_token\"";
        };
    }

    /** The refusal, with what its sentence names. */
    public ProblemException with(Object... named) {
        return new ProblemException(this, named);
    }
}
