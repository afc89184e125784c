package dev.signet.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JavaType;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.Patch;
import dev.signet.platform.Problem;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.RecordComponent;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.HandlerMethod;

/** The API document (OpenAPI 3.1), read from the same declarations that rule the routes: none of it is written twice. */
@Configuration(proxyBeanMethods = false)
class ApiDocument {

    private static final String BEARER = "bearer";
    private static final String PROBLEM = "Problem";
    private static final String PROBLEM_JSON = "application/problem+json";

    static {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Caller.class, HttpServletRequest.class, HttpServletResponse.class)
                .replaceWithSchema(IfMatch.class, new StringSchema().description("the ETag of what was read"));
    }

    @Bean
    OpenAPI document() {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Signet")
                                .version("2")
                                .description(
                                        "API tokens that let bots and partners into a company's chat platform, each with only the"
                                                + " rights it needs, and that can be taken back at once. Ids are 24 hex digits; times are ISO 8601"
                                                + " in UTC with milliseconds; refusals are problems after RFC 9457. One thing is answered as"
                                                + " {\"data\": {…}} with its version as ETag, to be sent back as If-Match; a list as"
                                                + " {\"data\": {\"<plural>\": […]}}, where more follows with nextCursor and Link: rel=\"next\"."
                                                + " In a token's last 7 days, or in its secret's grace, every answer carries Token-Expiration."))
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme(BEARER)
                                        .description("An API token (sgt_…) or the token that POST /auth/local gives"))
                        .addSchemas(PROBLEM, problem()));
    }

    /** What each route needs and refuses. */
    @Bean
    OperationCustomizer rules(MessageSource messages) {
        return (operation, handler) -> {
            if (Routes.isOurs(handler)) {
                operation.operationId(handler.getMethod().getName()
                        + handler.getBeanType().getSimpleName().replace("Controller", ""));
                secure(operation, handler);
                refusals(operation, handler).stream()
                        .collect(Collectors.groupingBy(Problem::status))
                        .forEach((status, problems) -> operation
                                .getResponses()
                                .addApiResponse(
                                        Integer.toString(status.value()),
                                        refusal(status.getReasonPhrase(), problems, messages)));
                headers(operation);
            }
            return operation;
        };
    }

    /** Says of records what the library does not see: which of their parts may be null, and that a patch requires nothing. */
    @Bean
    ModelConverter records() {
        return new ModelConverter() {
            @Override
            public @Nullable Schema<?> resolve(
                    AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
                JavaType java = Json31.mapper().constructType(type.getType());
                if (java.getRawClass() == Patch.class) {
                    Schema<?> edited = context.resolve(new AnnotatedType(java.containedType(0)).resolveAsRef(true));
                    requireNothing(model(edited, context), context);
                    return edited;
                }
                Schema<?> schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
                if (schema != null && java.getRawClass().isRecord()) {
                    allowNulls(java.getRawClass(), model(schema, context));
                }
                return schema;
            }
        };
    }

    private static Schema<?> model(Schema<?> schema, ModelConverterContext context) {
        String reference = schema.get$ref();
        return reference == null
                ? schema
                : context.getDefinedModels().getOrDefault(reference.substring(reference.lastIndexOf('/') + 1), schema);
    }

    @SuppressWarnings("rawtypes") // the library's own models are raw
    private static void allowNulls(Class<?> type, Schema<?> model) {
        Map<String, Schema> properties = model.getProperties();
        for (RecordComponent part : type.getRecordComponents()) {
            Schema<?> property = properties == null ? null : properties.get(part.getName());
            boolean nullable = part.getAnnotatedType().isAnnotationPresent(Nullable.class);
            boolean leftOut = part.getAccessor().isAnnotationPresent(JsonInclude.class);
            if (property != null && property.getTypes() != null && nullable && !leftOut) {
                property.addType("null");
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the library's own models are raw
    private static void requireNothing(Schema model, ModelConverterContext context) {
        model.setRequired(null);
        Map<String, Schema> properties = model.getProperties();
        // a part that is an object is merged member by member; elsewhere the same object may require them
        if (properties != null) {
            properties.replaceAll((name, property) -> property.get$ref() == null
                    ? property
                    : new Schema<>()
                            .types(Set.of("object"))
                            .properties(model(property, context).getProperties()));
        }
    }

    private static void secure(Operation operation, HandlerMethod handler) {
        if (handler.hasMethodAnnotation(Open.class)) {
            describe(operation, "Open to all.");
            return;
        }
        operation.addSecurityItem(new SecurityRequirement().addList(BEARER));
        Needs needs = handler.getMethodAnnotation(Needs.class);
        if (needs == null) {
            describe(operation, "For whoever is signed in.");
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
                Problem.INVALID_REQUEST, Problem.INTERNAL_ERROR, Problem.UNAVAILABLE, Problem.NOT_ACCEPTABLE);
        if (!handler.hasMethodAnnotation(Open.class)) {
            refusals.addAll(Set.of(
                    Problem.UNAUTHENTICATED,
                    Problem.INVALID_TOKEN,
                    Problem.TOKEN_EXPIRED,
                    Problem.TOKEN_INACTIVE,
                    Problem.TOKEN_REVOKED));
            SignedIn signedIn = handler.getMethodAnnotation(SignedIn.class);
            if (signedIn == null || !signedIn.beforePasswordChange()) {
                refusals.add(Problem.PASSWORD_CHANGE_REQUIRED);
            }
        }
        if (handler.hasMethodAnnotation(Needs.class)) {
            refusals.add(Problem.INSUFFICIENT_SCOPE);
        }
        if (operation.getRequestBody() != null) {
            refusals.addAll(
                    Set.of(Problem.TOO_LARGE, Problem.UNSUPPORTED_MEDIA_TYPE, Problem.UNSUPPORTED_CONTENT_ENCODING));
        }
        if (operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> "path".equals(parameter.getIn()))) {
            refusals.add(Problem.NOT_FOUND);
        }
        Refuses own = handler.getMethodAnnotation(Refuses.class);
        if (own != null) {
            refusals.addAll(List.of(own.value()));
        }
        return refusals;
    }

    private static ApiResponse refusal(String title, List<Problem> problems, MessageSource messages) {
        MediaType body = new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM));
        problems.stream().sorted().forEach(problem -> body.addExamples(problem.code(), example(problem, messages)));
        ApiResponse response =
                new ApiResponse().description(title).content(new Content().addMediaType(PROBLEM_JSON, body));
        switch (problems.getFirst().status()) {
            case UNAUTHORIZED, FORBIDDEN ->
                response.addHeaderObject(
                        "WWW-Authenticate", header("the challenge of RFC 6750 §3", new StringSchema()));
            case TOO_MANY_REQUESTS ->
                response.addHeaderObject("Retry-After", header("whole seconds", new IntegerSchema()))
                        .addHeaderObject(
                                "RateLimit-Policy", header("the limit, e.g. \"account\";q=5;w=150", new StringSchema()))
                        .addHeaderObject(
                                "RateLimit",
                                header("what is left of it, e.g. \"account\";r=0;t=30", new StringSchema()));
            case SERVICE_UNAVAILABLE ->
                response.addHeaderObject("Retry-After", header("whole seconds", new IntegerSchema()));
            default -> {}
        }
        return response;
    }

    private static Example example(Problem problem, MessageSource messages) {
        String detail = messages.getMessage(problem.code() + ".detail", null, Locale.ENGLISH);
        return new Example()
                .value(Map.of(
                        "type", "/problems/" + problem.code(),
                        "title", messages.getMessage(problem.code() + ".title", null, Locale.ENGLISH),
                        "status", problem.status().value(),
                        "detail", detail.replaceAll("\\{\\d}", "…"),
                        "code", problem.code(),
                        "traceId", "4bf92f3577b34da6a3ce929d0e0e4736"));
    }

    private static void headers(Operation operation) {
        ApiResponses responses = operation.getResponses();
        ApiResponse created = responses.get("201");
        if (created != null && created.getHeaders() == null) {
            created.addHeaderObject("Location", header("where it stands", new StringSchema()));
            created.addHeaderObject("ETag", header("its version, for If-Match", new StringSchema()));
        }
        if (created != null && takes(operation, IdempotencyKey.HEADER)) {
            responses.addApiResponse(
                    "200",
                    new ApiResponse()
                            .description("The same request made it before: as it is now. A secret is not given again")
                            .content(created.getContent())
                            .addHeaderObject("Idempotent-Replayed", header("true", new StringSchema())));
        }
    }

    private static boolean takes(Operation operation, String header) {
        return operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> header.equals(parameter.getName()));
    }

    private static Header header(String description, Schema<?> schema) {
        return new Header().description(description).schema(schema);
    }

    private static Schema<?> problem() {
        Schema<?> fieldProblem = new Schema<>()
                .type("object")
                .addProperty("field", text("its path in the body, or the parameter's name"))
                .addProperty("code", text("a stable word"))
                .addProperty("message", text("for people"));
        Schema<?> problem = new Schema<>()
                .type("object")
                .description("RFC 9457, in English or Spanish by Accept-Language")
                .addProperty("type", text("a page that explains it"))
                .addProperty("title", text("for people"))
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", text("for people"))
                .addProperty("instance", text("the path that was asked"))
                .addProperty("code", text("a stable word"))
                .addProperty("traceId", text("finds the request in the log"))
                .addProperty("errors", new ArraySchema().items(fieldProblem))
                .addProperty("requiredPermissions", new ArraySchema().items(new StringSchema()));
        problem.setRequired(List.of("type", "title", "status", "code"));
        return problem;
    }

    private static Schema<?> text(String description) {
        return new StringSchema().description(description);
    }
}
