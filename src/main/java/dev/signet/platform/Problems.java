package dev.signet.platform;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.LocaleResolver;
import tools.jackson.databind.json.JsonMapper;

/** Turns whatever went wrong into one {@code application/problem+json} answer (RFC 9457), in the caller's language. */
@Component
public class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** Characters that RFC 3986 does not have in a path. */
    private static final Pattern NO_PATH = Pattern.compile("[^A-Za-z0-9\\-._~!$&'()*+,;=:@/%]");

    private final MessageSource messages;
    private final LocaleResolver locales;
    private final JsonMapper json;

    Problems(MessageSource messages, LocaleResolver locales, JsonMapper json) {
        this.messages = messages;
        this.locales = locales;
        this.json = json;
    }

    /** Answers with the problem that the failure is. What nobody foresaw is logged and told as an internal error. */
    public void answer(Throwable failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            LOG.debug("The answer had begun when it failed", failure);
            return;
        }
        ProblemException refusal = Failures.refusal(failure);
        if (refusal.problem() == Problem.INTERNAL_ERROR) {
            LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
        } else if (refusal.problem() == Problem.UNAVAILABLE) {
            LOG.warn(
                    "{} {} could not be served: {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    Failures.reason(failure));
        }
        byte[] body = json.writeValueAsBytes(body(refusal, request, locales.resolveLocale(request)));
        response.resetBuffer();
        response.setStatus(refusal.problem().status().value());
        refusal.headers().forEach(response::setHeader);
        // some statuses may be cached unless the answer says otherwise
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/problem+json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Answers with the problem that a bare status stands for. */
    public void answer(int status, HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(Failures.status(status), request, response);
    }

    private Map<String, Object> body(ProblemException refusal, HttpServletRequest request, Locale locale) {
        Problem problem = refusal.problem();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "/problems/" + problem.code());
        body.put("title", messages.getMessage(problem.code() + ".title", null, locale));
        body.put("status", problem.status().value());
        body.put("detail", messages.getMessage(problem.code() + ".detail", refusal.named(), locale));
        body.put("instance", instance(request));
        body.put("code", problem.code());
        body.put("traceId", Trace.id());
        body.putAll(refusal.more());
        if (!refusal.fields().isEmpty()) {
            body.put(
                    "errors",
                    refusal.fields().stream().map(field -> told(field, locale)).toList());
        }
        return body;
    }

    /** The path as a valid URI reference, also where the path is what was refused. One that could not be read is "/". */
    private static String instance(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path == null || !path.startsWith("/")
                ? "/"
                : NO_PATH.matcher(path).replaceAll(raw -> URLEncoder.encode(raw.group(), StandardCharsets.ISO_8859_1));
    }

    private record FieldProblem(String field, String code, String message) {}

    private FieldProblem told(ProblemException.Field field, Locale locale) {
        Object[] named = field.named().toArray();
        String message = messages.getMessage("field." + field.code(), named, null, locale);
        // a constraint of the validation standard brings its own sentence
        return new FieldProblem(
                field.field(),
                field.code(),
                message != null ? message : String.valueOf(field.named().getLast()));
    }
}
