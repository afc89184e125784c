package dev.signet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service answered. */
public record Answer(int status, HttpHeaders headers, String text) {

    private static final JsonMapper JSON = new JsonMapper();

    static Answer of(EntityExchangeResult<byte[]> result) {
        byte[] body = result.getResponseBody();
        return new Answer(
                result.getStatus().value(),
                result.getResponseHeaders(),
                body == null ? "" : new String(body, StandardCharsets.UTF_8));
    }

    /** Fails unless the status is that one. */
    public Answer expect(int expected) {
        assertThat(status).as(text).isEqualTo(expected);
        return this;
    }

    /** Fails unless it is refused with that status and code. */
    public Answer expect(int expected, String code) {
        expect(expected);
        assertThat(body().path("code").asString()).as(text).isEqualTo(code);
        return this;
    }

    /** Fails unless it is a 400 at these fields, each as {@code field: code}. */
    public Answer expectFields(String... fields) {
        expect(400, "invalid_request");
        assertThat(fields()).as(text).containsExactlyInAnyOrder(fields);
        return this;
    }

    /** Fails unless it is a 403 that names exactly these permissions. */
    public Answer expectMissing(String... permissions) {
        expect(403, "insufficient_scope");
        assertThat(body().path("requiredPermissions").values().stream().map(JsonNode::asString))
                .as(text)
                .containsExactlyInAnyOrder(permissions);
        return this;
    }

    public JsonNode body() {
        return JSON.readTree(text);
    }

    public JsonNode data() {
        return body().path("data");
    }

    /** A field of the thing in the answer, as text. */
    public String data(String field) {
        return data().path(field).asString();
    }

    public String header(String name) {
        return Objects.requireNonNullElse(headers.getFirst(name), "");
    }

    private List<String> fields() {
        return body().path("errors").values().stream()
                .map(error -> error.path("field").asString() + ": "
                        + error.path("code").asString())
                .toList();
    }
}
