package dev.signet.security;

import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Problems;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;

/** Answers what Tomcat refuses, and what no handler caught, with the same problems as everything else. */
final class ContainerErrorValve extends ErrorReportValve {

    /** Tomcat's message shows the line that it refused. Only the name that the client sent is taken from it. */
    private static final Pattern HEADER_LINE = Pattern.compile("\\[([!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}):");

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9\\-._~!$&'()*+,;=:@/%]*");

    private final Problems problems;
    private final AllowedMethods methods;

    ContainerErrorValve(Problems problems, AllowedMethods methods) {
        this.problems = problems;
        this.methods = methods;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < HttpServletResponse.SC_BAD_REQUEST
                || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        // Tomcat resets the response when something failed
        SecurityHeadersValve.write(request.getRequestURI(), response);
        try {
            if (request.getAttribute(Bodies.LATE) != null) {
                problems.answer(Problem.REQUEST_TIMEOUT.with(), request, response);
                response.finishResponse();
                return;
            }
            switch (status) {
                case HttpServletResponse.SC_BAD_REQUEST ->
                    problems.answer(malformed(request, response, failure), request, response);
                case HttpServletResponse.SC_METHOD_NOT_ALLOWED ->
                    problems.answer(notAllowed(methods.of(request)), request, response);
                case HttpServletResponse.SC_INTERNAL_SERVER_ERROR -> problems.answer(cause(failure), request, response);
                default -> problems.answer(status, request, response);
            }
            response.finishResponse();
        } catch (IOException | IllegalStateException gone) {
            // the client does not listen any more
        }
    }

    private static ProblemException notAllowed(Set<String> allowed) {
        return allowed.isEmpty() ? Problem.NOT_FOUND.with() : AllowedMethods.refusal(allowed);
    }

    /** Tomcat parses the request line, then the headers, then the path: how far it came tells what was wrong. */
    private static Throwable malformed(Request request, Response response, @Nullable Throwable failure) {
        if (failure instanceof InvalidParameterException) {
            return failure;
        }
        if (request.getRequestURI() == null || request.getRequestURI().isEmpty()) {
            return ProblemException.invalid("request-line", "request_line");
        }
        if (failure != null) {
            Matcher line = HEADER_LINE.matcher(String.valueOf(failure.getMessage()));
            return line.find()
                    ? ProblemException.invalid(line.group(1), "header")
                    : ProblemException.invalid("headers", "headers");
        }
        return response.getMessage() == null
                        && PATH.matcher(request.getRequestURI()).matches()
                ? ProblemException.invalid("headers", "framing")
                : ProblemException.invalid("path", "path");
    }

    private static Throwable cause(@Nullable Throwable failure) {
        if (failure instanceof ServletException wrapper && wrapper.getRootCause() != null) {
            return wrapper.getRootCause();
        }
        return failure == null ? Problem.INTERNAL_ERROR.with() : failure;
    }
}
