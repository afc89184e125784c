package dev.signet.reference;

import dev.signet.platform.Problem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;

/** The responses that refuse a request: one for each status, which the operations refer to. */
final class ProblemResponses {

    private static final String PROBLEM = "Problem";
    private static final String FIELD_PROBLEM = "FieldProblem";

    private ProblemResponses() {}

    /** {@code NotFound} for 404. */
    static String name(HttpStatus status) {
        return status.getReasonPhrase().replace(" ", "");
    }

    static ApiResponse reference(HttpStatus status) {
        return new ApiResponse().$ref("#/components/responses/" + name(status));
    }

    static Map<String, ApiResponse> all(MessageSource messages) {
        Map<String, ApiResponse> responses = new TreeMap<>();
        Arrays.stream(Problem.values())
                .collect(Collectors.groupingBy(Problem::status))
                .forEach((status, problems) -> responses.put(name(status), response(status, problems, messages)));
        return responses;
    }

    private static ApiResponse response(HttpStatus status, List<Problem> problems, MessageSource messages) {
        MediaType body = new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM));
        problems.stream().sorted().forEach(problem -> body.addExamples(problem.code(), example(problem, messages)));
        ApiResponse response = new ApiResponse()
                .description(status.getReasonPhrase())
                .content(new Content().addMediaType("application/problem+json", body))
                .addHeaderObject(
                        ResponseHeaders.TOKEN_EXPIRATION, ResponseHeaders.reference(ResponseHeaders.TOKEN_EXPIRATION));
        headers(status).forEach(name -> response.addHeaderObject(name, ResponseHeaders.reference(name)));
        return response;
    }

    @SuppressWarnings("rawtypes") // the library's own models are raw
    static Map<String, Schema> schemas() {
        Schema<?> fieldProblem = new ObjectSchema()
                .description("What is wrong with one field")
                .addProperty("field", text("Its path in the body, or the name of the parameter or header"))
                .addProperty("code", text("A stable word for programs"))
                .addProperty("message", text("A sentence for people"));
        fieldProblem.setRequired(List.of("field", "code", "message"));
        Schema<?> problem = new ObjectSchema()
                .description("RFC 9457, in English or Spanish by Accept-Language")
                .addProperty("type", text("A page that explains it"))
                .addProperty("title", text("A few words for people"))
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", text("A sentence for people"))
                .addProperty("instance", text("The path of the request"))
                .addProperty("code", text("A stable word for programs"))
                .addProperty("traceId", text("Finds the request in the logs"))
                .addProperty(
                        "errors", new ArraySchema().items(new Schema<>().$ref("#/components/schemas/" + FIELD_PROBLEM)))
                .addProperty("requiredPermissions", new ArraySchema().items(new StringSchema()));
        problem.setRequired(List.of("type", "title", "status", "detail", "instance", "code", "traceId"));
        return new TreeMap<>(Map.of(PROBLEM, problem, FIELD_PROBLEM, fieldProblem));
    }

    private static List<String> headers(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED, FORBIDDEN -> List.of(ResponseHeaders.CHALLENGE);
            case TOO_MANY_REQUESTS ->
                List.of(ResponseHeaders.RETRY_AFTER, ResponseHeaders.RATE_LIMIT, ResponseHeaders.RATE_LIMIT_POLICY);
            case SERVICE_UNAVAILABLE -> List.of(ResponseHeaders.RETRY_AFTER);
            default -> List.of();
        };
    }

    private static Example example(Problem problem, MessageSource messages) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("type", "/problems/" + problem.code());
        value.put("title", messages.getMessage(problem.code() + ".title", null, Locale.ENGLISH));
        value.put("status", problem.status().value());
        value.put(
                "detail",
                messages.getMessage(problem.code() + ".detail", null, Locale.ENGLISH)
                        .replaceAll("\\{\\d}", "…"));
        value.put("instance", "/api/v2/apitokens");
        value.put("code", problem.code());
        value.put("traceId", "4bf92f3577b34da6a3ce929d0e0e4736");
        return new Example().value(value);
    }

    private static Schema<?> text(String description) {
        return new StringSchema().description(description);
    }
}
