package dev.signet.security;

import dev.signet.access.Routes;
import dev.signet.platform.Input;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.multipart.MultipartRequest;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses what a handler would otherwise pass over in silence: unknown parameters, texts that cannot be kept, huge bodies. */
@Component
class Strictness implements HandlerInterceptor {

    /** Existing clients send it everywhere; it does nothing. */
    private static final String DEBUG = "debug";

    private final Map<HandlerMethod, Set<String>> known = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() == DispatcherType.REQUEST
                && handler instanceof HandlerMethod method
                && Routes.isOurs(method)) {
            // the parts of a form have their own bounds, which count when somebody reads them
            if (request.getContentLengthLong() > Input.LARGEST_JSON && !(request instanceof MultipartRequest)) {
                throw ProblemException.tooLarge(Input.LARGEST_JSON);
            }
            if (request.getQueryString() != null) {
                checkParameters(request.getParameterMap(), known.computeIfAbsent(method, Strictness::parameters));
            }
        }
        return true;
    }

    private static void checkParameters(Map<String, String[]> parameters, Set<String> known) {
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        parameters.forEach((name, values) -> {
            if (!known.contains(name)) {
                refusal.field(name, "unknown_parameter");
            } else if (!Arrays.stream(values).allMatch(Strictness::isText)) {
                refusal.field(name, "text");
            }
        });
        refusal.throwIfAny();
    }

    /** The replacement character stands where the query had bytes that are no text. */
    private static boolean isText(String text) {
        return Input.isStorable(text) && text.indexOf('\uFFFD') < 0;
    }

    private static Set<String> parameters(HandlerMethod handler) {
        Set<String> names = new HashSet<>(Set.of(DEBUG));
        for (MethodParameter parameter : handler.getMethodParameters()) {
            RequestParam single = parameter.getParameterAnnotation(RequestParam.class);
            if (single != null) {
                names.add(single.name());
            } else if (parameter.hasParameterAnnotation(ParameterObject.class)) {
                for (RecordComponent component : parameter.getParameterType().getRecordComponents()) {
                    names.add(component.getName());
                }
            }
        }
        return names;
    }
}
