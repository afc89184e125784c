package dev.signet.platform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** A refusal on its way to the caller. {@code Problems} turns it into RFC 9457. */
public final class ProblemException extends RuntimeException {

    /** One field that was refused: its path in the body or its name in the query, a stable word, and arguments of its sentence. */
    public record Field(String field, String code, List<Object> named) {}

    private static final int LONGEST_SCOPE = 2_000;

    private final Problem problem;
    private final transient Object[] named;
    private final transient List<Field> fields = new ArrayList<>();
    private final transient Map<String, Object> more = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    ProblemException(Problem problem, Object... named) {
        // a refusal is an answer, not a fault: nobody reads its stack trace
        super(problem.code(), null, false, false);
        this.problem = problem;
        this.named = worded(named);
        if (problem.status() == HttpStatus.UNAUTHORIZED) {
            header("WWW-Authenticate", problem.challenge());
        }
    }

    /** 400 at one field. */
    public static ProblemException invalid(String field, String code, Object... named) {
        return Problem.INVALID_REQUEST.with().field(field, code, named);
    }

    /** Refuses ids that are none of the company's: 400 at their place, the same for another company's and for none. */
    public static void requireKnown(String field, List<String> ids, Collection<String> known) {
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        for (int i = 0; i < ids.size(); i++) {
            if (!known.contains(ids.get(i))) {
                refusal.field(field + "[" + i + "]", "unknown_id");
            }
        }
        refusal.throwIfAny();
    }

    /** 413 naming the most that the body may have, in bytes. */
    public static ProblemException tooLarge(int most) {
        int kilobytes = most / 1024;
        return Problem.TOO_LARGE.with(kilobytes < 1024 ? kilobytes + " KB" : kilobytes / 1024 + " MB");
    }

    /** 403 naming the permissions that are missing: in the challenge, too, unless they are more than a header can hold. */
    public static ProblemException missing(Collection<String> permissions) {
        List<String> sorted = permissions.stream().sorted().toList();
        String scope = String.join(" ", sorted);
        String challenge = Problem.INSUFFICIENT_SCOPE.challenge();
        return Problem.INSUFFICIENT_SCOPE
                .with(String.join(", ", sorted))
                .header(
                        "WWW-Authenticate",
                        scope.length() > LONGEST_SCOPE ? challenge : challenge + ", scope=\"" + scope + "\"")
                .and("requiredPermissions", sorted);
    }

    public ProblemException field(String field, String code, Object... arguments) {
        fields.add(new Field(field, code, Arrays.asList(worded(arguments))));
        return this;
    }

    /** Throws itself if a field was refused. */
    public void throwIfAny() {
        if (!fields.isEmpty()) {
            throw this;
        }
    }

    /** A member of the body beside those of the standard. */
    public ProblemException and(String member, Object value) {
        more.put(member, value);
        return this;
    }

    public ProblemException header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /**
     * {@code Retry-After}, and the limit that was reached in the fields of draft-ietf-httpapi-ratelimit-headers.
     *
     * @param quota how many there may be in the window
     * @param wait until there is one more
     */
    public ProblemException limit(String policy, int quota, Duration window, Duration wait) {
        return retryAfter(wait)
                .header("RateLimit-Policy", "\"%s\";q=%d;w=%d".formatted(policy, quota, window.toSeconds()))
                .header("RateLimit", "\"%s\";r=0;t=%d".formatted(policy, seconds(wait)));
    }

    /** {@code Retry-After}, in whole seconds, rounded up. */
    public ProblemException retryAfter(Duration wait) {
        return header("Retry-After", Long.toString(seconds(wait)));
    }

    public Problem problem() {
        return problem;
    }

    /** A number stands in a sentence as it stands in the request: without separators of thousands. */
    private static Object[] worded(Object... named) {
        return Arrays.stream(named)
                .map(one -> one instanceof Number ? one.toString() : one)
                .toArray();
    }

    Object[] named() {
        return named;
    }

    List<Field> fields() {
        return fields;
    }

    public Map<String, Object> more() {
        return more;
    }

    Map<String, String> headers() {
        return headers;
    }

    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }
}
