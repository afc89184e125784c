package dev.signet.reference;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.signet.access.Needs;
import dev.signet.access.Open;
import dev.signet.access.Refuses;
import dev.signet.access.Routes;
import dev.signet.access.SignedIn;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.One;
import dev.signet.platform.Problem;
import dev.signet.platform.SortsBy;
import dev.signet.platform.Versioned;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** Adds to each operation what its handler's declarations say: who may call it, how it refuses, and its headers. */
@Component
class RouteRules implements OperationCustomizer {

    @Override
    public Operation customize(Operation operation, HandlerMethod handler) {
        if (Routes.isOurs(handler)) {
            secure(operation, handler);
            Set<Problem> refusals = refusals(operation, handler);
            refusals.stream()
                    .map(Problem::status)
                    .distinct()
                    .forEach(status -> operation
                            .getResponses()
                            .addApiResponse(Integer.toString(status.value()), ProblemResponses.reference(status)));
            operation.addExtension(
                    "x-problem-codes", refusals.stream().map(Problem::code).toList());
            headers(operation, handler);
            sorts(operation, handler);
        }
        return operation;
    }

    private static void secure(Operation operation, HandlerMethod handler) {
        if (handler.hasMethodAnnotation(Open.class)) {
            if (operation.getSecurity() == null) {
                operation.setSecurity(List.of());
                describe(operation, "Open to all.");
            } else {
                describe(operation, "Authenticates by itself.");
            }
            return;
        }
        operation.addSecurityItem(new SecurityRequirement().addList(ApiDocument.BEARER));
        Needs needs = handler.getMethodAnnotation(Needs.class);
        if (needs == null) {
            describe(operation, "For every authenticated caller.");
        } else {
            describe(operation, "Needs `" + String.join("` or `", Routes.named(needs)) + "`.");
            operation.addExtension("x-required-permission", needs.value());
        }
    }

    /** Before what the handler itself says. */
    private static void describe(Operation operation, String rule) {
        String more = operation.getDescription();
        operation.description(more == null ? rule : rule + " " + more);
    }

    private static Set<Problem> refusals(Operation operation, HandlerMethod handler) {
        Set<Problem> refusals = EnumSet.of(
                Problem.INVALID_REQUEST,
                Problem.UNSUPPORTED_CONTENT_ENCODING,
                Problem.INTERNAL_ERROR,
                Problem.UNAVAILABLE,
                Problem.NOT_ACCEPTABLE);
        if (!handler.hasMethodAnnotation(Open.class)) {
            refusals.addAll(Set.of(
                    Problem.UNAUTHENTICATED,
                    Problem.INVALID_TOKEN,
                    Problem.TOKEN_EXPIRED,
                    Problem.TOKEN_INACTIVE,
                    Problem.TOKEN_REVOKED,
                    Problem.IP_NOT_ALLOWED));
            SignedIn signedIn = handler.getMethodAnnotation(SignedIn.class);
            if (signedIn == null || !signedIn.beforePasswordChange()) {
                refusals.add(Problem.PASSWORD_CHANGE_REQUIRED);
            }
            if (!Routes.servesInGrace(handler)) {
                refusals.add(Problem.SECRET_REPLACED);
            }
        }
        if (handler.hasMethodAnnotation(Needs.class)) {
            refusals.add(Problem.INSUFFICIENT_SCOPE);
        }
        if (operation.getRequestBody() != null) {
            refusals.addAll(Set.of(Problem.TOO_LARGE, Problem.UNSUPPORTED_MEDIA_TYPE));
        }
        if (parameters(operation).anyMatch(parameter -> "path".equals(parameter.getIn()))) {
            refusals.add(Problem.NOT_FOUND);
        }
        Refuses own = handler.getMethodAnnotation(Refuses.class);
        if (own != null) {
            refusals.addAll(List.of(own.value()));
        }
        return refusals;
    }

    private static void headers(Operation operation, HandlerMethod handler) {
        ApiResponses responses = operation.getResponses();
        // those of annotations come with a style, which a reference must not have
        responses.values().stream()
                .map(ApiResponse::getHeaders)
                .filter(Objects::nonNull)
                .forEach(headers -> headers.replaceAll(
                        (name, header) -> header.get$ref() == null ? header : ResponseHeaders.reference(name)));
        Class<?> answered = answered(handler);
        ApiResponse created = responses.get("201");
        ApiResponse done = created == null ? responses.get("200") : created;
        if (created != null) {
            add(created, ResponseHeaders.LOCATION);
        }
        if (done != null && isVersioned(answered)) {
            add(done, ResponseHeaders.ETAG);
        }
        if (done != null && isPaged(answered)) {
            add(done, ResponseHeaders.LINK);
        }
        if (done != null && parameters(operation).anyMatch(one -> IdempotencyKey.HEADER.equals(one.getName()))) {
            add(created == null ? done : replay(responses, done), ResponseHeaders.REPLAYED);
        }
        if (!handler.hasMethodAnnotation(Open.class)) {
            responses.forEach((status, response) -> {
                if (response.get$ref() == null) {
                    add(response, ResponseHeaders.TOKEN_EXPIRATION);
                }
            });
        }
    }

    private static void sorts(Operation operation, HandlerMethod handler) {
        SortsBy sorts = handler.getMethodAnnotation(SortsBy.class);
        if (sorts != null) {
            parameters(operation)
                    .filter(parameter -> parameter.getName().equals("sortBy"))
                    .forEach(parameter -> parameter.setSchema(new StringSchema()._enum(List.of(sorts.value()))));
        }
    }

    /** A request that is repeated under its key is answered with 200 and the resource as it is now. */
    private static ApiResponse replay(ApiResponses responses, ApiResponse created) {
        ApiResponse replayed = new ApiResponse()
                .description(
                        "An earlier request with this key created it: the resource as it is now, without any secret")
                .content(created.getContent());
        add(replayed, ResponseHeaders.ETAG);
        responses.addApiResponse("200", replayed);
        return replayed;
    }

    /** The type below {@code data}, or of the bare body. */
    private static Class<?> answered(HandlerMethod handler) {
        ResolvableType type = ResolvableType.forMethodReturnType(handler.getMethod());
        if (HttpEntity.class.isAssignableFrom(type.toClass())) {
            type = type.getGeneric(0);
        }
        return (type.toClass() == One.class ? type.getGeneric(0) : type).toClass();
    }

    /** A resource, alone or written out beside what else the response says. */
    private static boolean isVersioned(Class<?> answered) {
        return Versioned.class.isAssignableFrom(answered)
                || (answered.isRecord()
                        && Arrays.stream(answered.getRecordComponents())
                                .filter(part -> part.getAccessor().isAnnotationPresent(JsonUnwrapped.class))
                                .anyMatch(part -> Versioned.class.isAssignableFrom(part.getType())));
    }

    private static boolean isPaged(Class<?> answered) {
        return answered.isRecord()
                && Arrays.stream(answered.getRecordComponents())
                        .map(RecordComponent::getName)
                        .anyMatch("nextCursor"::equals);
    }

    private static Stream<io.swagger.v3.oas.models.parameters.Parameter> parameters(Operation operation) {
        return operation.getParameters() == null ? Stream.of() : operation.getParameters().stream();
    }

    private static void add(ApiResponse response, String header) {
        if (response.getHeaders() == null || !response.getHeaders().containsKey(header)) {
            response.addHeaderObject(header, ResponseHeaders.reference(header));
        }
    }
}
