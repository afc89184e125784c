package dev.signet.reference;

import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.util.Map;
import java.util.TreeMap;

/** The response headers that clients rely on, described once. */
final class ResponseHeaders {

    static final String CHALLENGE = "WWW-Authenticate";
    static final String ETAG = "ETag";
    static final String LINK = "Link";
    static final String LOCATION = "Location";
    static final String RATE_LIMIT = "RateLimit";
    static final String RATE_LIMIT_POLICY = "RateLimit-Policy";
    static final String REPLAYED = "Idempotent-Replayed";
    static final String RETRY_AFTER = "Retry-After";
    static final String SET_COOKIE = "Set-Cookie";
    static final String TOKEN_EXPIRATION = "Token-Expiration";

    private ResponseHeaders() {}

    static Map<String, Header> all() {
        return new TreeMap<>(Map.of(
                CHALLENGE, header("The challenge of RFC 6750 §3", new StringSchema()),
                ETAG,
                        header("The version, to be sent back as `If-Match`", new StringSchema())
                                .required(true),
                LINK, header("`rel=\"next\"`: the next page, if there is one", new StringSchema()),
                LOCATION,
                        header("The URL of what was created", new StringSchema())
                                .required(true),
                RATE_LIMIT, header("What is left of the limit, e.g. `\"account\";r=0;t=30`", new StringSchema()),
                RATE_LIMIT_POLICY, header("The limit, e.g. `\"account\";q=5;w=150`", new StringSchema()),
                REPLAYED, header("`true` if an earlier request with this key had this effect", new StringSchema()),
                RETRY_AFTER, header("Whole seconds", new IntegerSchema()),
                SET_COOKIE,
                        header("The refresh cookie: `HttpOnly`, `SameSite=Strict`, `Path=/auth`", new StringSchema()),
                TOKEN_EXPIRATION,
                        header(
                                "When the API token or its replaced secret ends, in its last days",
                                new StringSchema().format("date-time"))));
    }

    static Header reference(String name) {
        return new Header().$ref("#/components/headers/" + name);
    }

    private static Header header(String description, Schema<?> schema) {
        return new Header().description(description).schema(schema);
    }
}
