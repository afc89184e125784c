package dev.signet.security;

import dev.signet.access.Open;
import dev.signet.platform.Input;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Upload;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/**
 * What a handler accepts, read from its signature: which body, and which query parameters.
 *
 * @param parameters by name, whether a parameter may be repeated
 */
record Accepted(Body body, Map<String, Boolean> parameters) {

    /** Existing clients send it everywhere; it does nothing. */
    private static final String DEBUG = "debug";

    enum Body {
        NONE(0),

        /** Of callers who are not known yet. */
        SMALL_JSON(Input.LARGEST_SIGN_IN),
        JSON(Input.LARGEST_JSON),

        /** A picture, and what the form around it takes. */
        FORM(Input.LARGEST_PICTURE + Input.LARGEST_JSON);

        private final int largest;

        Body(int largest) {
            this.largest = largest;
        }

        /** Admits the body of the request. Rejects one that is not expected or too large, before any of it is read. */
        void admit(HttpServletRequest request) {
            if (this == NONE) {
                if (Bodies.isSent(request)) {
                    throw ProblemException.invalid("", "body_not_expected");
                }
            } else if (this == FORM && !isForm(request)) {
                throw Problem.UNSUPPORTED_MEDIA_TYPE.with(MediaType.MULTIPART_FORM_DATA_VALUE);
            } else if (request.getContentLengthLong() > largest) {
                throw ProblemException.tooLarge(largest);
            } else if (this == FORM || mayBeJson(request)) {
                Bodies.admit(request, largest);
            }
        }

        private static boolean isForm(HttpServletRequest request) {
            return String.valueOf(request.getContentType())
                    .toLowerCase(Locale.ROOT)
                    .startsWith(MediaType.MULTIPART_FORM_DATA_VALUE);
        }

        /** Another type is refused without the body, which is therefore not waited for. */
        private static boolean mayBeJson(HttpServletRequest request) {
            String type = request.getContentType();
            return type == null || type.toLowerCase(Locale.ROOT).contains("json");
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
                body = handler.hasMethodAnnotation(Open.class) ? Body.SMALL_JSON : Body.JSON;
            } else if (parameter.getParameterType() == Upload.class) {
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
