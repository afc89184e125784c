package dev.signet;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.util.MultiValueMap;

/** Calls the API as somebody, or as nobody, and gives each answer as it came. Paths are sent as they are written. */
public record Api(Node node, @Nullable String bearer, List<Map.Entry<String, String>> headers) {

    public static Api as(@Nullable String bearer) {
        return at(Node.one(), bearer);
    }

    public static Api at(Node node, @Nullable String bearer) {
        return new Api(node, bearer, List.of());
    }

    /** The same caller with one header more. */
    public Api with(String header, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(header, value));
        return new Api(node, bearer, more);
    }

    public Answer get(String path) {
        return send(HttpMethod.GET, path, null);
    }

    /** Posts JSON: a text as it is, anything else as its JSON. */
    public Answer post(String path, @Nullable Object body) {
        return send(HttpMethod.POST, path, body);
    }

    public Answer patch(String path, Object body) {
        return send(HttpMethod.PATCH, path, body);
    }

    public Answer put(String path) {
        return send(HttpMethod.PUT, path, null);
    }

    public Answer put(String path, Object body) {
        return send(HttpMethod.PUT, path, body);
    }

    /** Posts a form with files in it. */
    public Answer upload(String path, MultiValueMap<String, Object> parts) {
        return send(HttpMethod.POST, path, MediaType.MULTIPART_FORM_DATA, parts);
    }

    public Answer delete(String path) {
        return send(HttpMethod.DELETE, path, null);
    }

    public Answer send(HttpMethod method, String path, @Nullable Object body) {
        return send(method, path, MediaType.APPLICATION_JSON, body);
    }

    private Answer send(HttpMethod method, String path, MediaType type, @Nullable Object body) {
        RestTestClient.RequestBodySpec request =
                node.client(bearer).method(method).uri(URI.create(node.url() + path));
        headers.forEach(header -> request.header(header.getKey(), header.getValue()));
        if (body != null) {
            request.contentType(type).body(body);
        }
        return Answer.of(request.exchange().returnResult(byte[].class));
    }
}
