package dev.signet.security;

import dev.signet.platform.Input;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.multipart.MultipartRequest;

/**
 * What a handler accepts, read from its signature: which body, and which query parameters.
 *
 * @param parameters by name, whether a parameter may be repeated
 */
record Accepted(Body body, Map<String, Boolean> parameters) {

    /** Existing clients send it everywhere; it does nothing. */
    private static final String DEBUG = "debug";

    enum Body {
        NONE,
        JSON,
        FORM;

        /** Rejects another kind of body, and one that is too large, before any of it is read. */
        void check(HttpServletRequest request) {
            switch (this) {
                case NONE -> {
                    if (hasBody(request)) {
                        throw ProblemException.invalid("", "body_not_expected");
                    }
                }
                case JSON -> {
                    if (request.getContentLengthLong() > Input.LARGEST_JSON) {
                        throw ProblemException.tooLarge(Input.LARGEST_JSON);
                    }
                }
                case FORM -> {
                    // the parts have their own bounds, which apply when somebody reads them
                    if (!(request instanceof MultipartRequest)) {
                        throw Problem.UNSUPPORTED_MEDIA_TYPE.with(MediaType.MULTIPART_FORM_DATA_VALUE);
                    }
                }
            }
        }

        private static boolean hasBody(HttpServletRequest request) {
            try {
                // without a length there may be chunks; their first byte tells
                return request.getContentLengthLong() > 0
                        || (request.getContentLengthLong() < 0
                                && request.getInputStream().read() >= 0);
            } catch (IOException unreadable) {
                throw ProblemException.invalid("", "body");
            }
        }
    }

    static Accepted by(HandlerMethod handler) {
        Body body = Body.NONE;
        Map<String, Boolean> parameters = new HashMap<>(Map.of(DEBUG, false));
        for (MethodParameter parameter : handler.getMethodParameters()) {
            RequestParam single = parameter.getParameterAnnotation(RequestParam.class);
            if (single != null) {
                parameters.put(single.name(), isRepeatable(parameter.getParameterType()));
            } else if (parameter.hasParameterAnnotation(ParameterObject.class)) {
                for (RecordComponent component : parameter.getParameterType().getRecordComponents()) {
                    parameters.put(component.getName(), isRepeatable(component.getType()));
                }
            } else if (parameter.hasParameterAnnotation(RequestBody.class)) {
                body = Body.JSON;
            } else if (MultipartRequest.class.isAssignableFrom(parameter.getParameterType())) {
                body = Body.FORM;
            }
        }
        return new Accepted(body, Map.copyOf(parameters));
    }

    /** Rejects unknown parameters, single ones that were sent twice, and text that cannot be stored. */
    void check(Map<String, String[]> query) {
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        query.forEach((name, values) -> {
            if (!parameters.containsKey(name)) {
                refusal.field(name, "unknown_parameter");
            } else if (!Arrays.stream(values).allMatch(Accepted::isText)) {
                refusal.field(name, "text");
            } else if (values.length > 1 && !Boolean.TRUE.equals(parameters.get(name))) {
                refusal.field(name, "twice");
            }
        });
        refusal.throwIfAny();
    }

    private static boolean isRepeatable(Class<?> type) {
        return type.isArray() || Collection.class.isAssignableFrom(type);
    }

    /** The replacement character stands where the query had bytes that are no text. */
    private static boolean isText(String text) {
        return Input.isStorable(text) && text.indexOf('\uFFFD') < 0;
    }
}
