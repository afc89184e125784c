package dev.signet.access;

import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The one place that a bearer token is read from: the {@code Authorization} header (RFC 6750 §2.1). */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 512;

    private BearerToken() {}

    /** The token, or null where none was sent. 400 for two headers, 401 for what is longer than any token. */
    public static @Nullable String of(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        if (headers.size() > 1) {
            throw ProblemException.invalid(HttpHeaders.AUTHORIZATION, "twice");
        }
        if (headers.isEmpty() || !headers.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String token = headers.getFirst().substring(SCHEME.length()).strip();
        if (token.length() > LONGEST) {
            throw Problem.INVALID_TOKEN.with();
        }
        return token;
    }
}
