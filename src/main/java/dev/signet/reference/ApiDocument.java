package dev.signet.reference;

import dev.signet.access.Caller;
import dev.signet.platform.IfMatch;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Contact;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts of the API document that no route adds: what the API is, how callers authenticate, headers and problems. */
@Configuration(proxyBeanMethods = false)
class ApiDocument {

    static final String BEARER = "bearer";

    private static final String REFRESH_COOKIE = "refreshCookie";

    private static final String DESCRIPTION = """
            API tokens let bots and partners into a company's chat platform, each with only the rights it needs, and can be \
            revoked at once.

            * Ids are 24 hex digits. Times are ISO 8601 in UTC with milliseconds.
            * One resource is answered as `{"data": {…}}` with its version as `ETag`, to be sent back as `If-Match`. A list is \
            answered as `{"data": {"apiTokens": […]}}`, keyed by what it lists; if there is more, with `nextCursor` and \
            `Link: rel="next"`.
            * Errors are problems (RFC 9457), in English or Spanish by `Accept-Language`. `code` is the word for programs.
            * In the last 7 days of an API token, and during a replaced secret's grace, every response carries \
            `Token-Expiration`.
            """;

    static {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Caller.class, HttpServletRequest.class, HttpServletResponse.class)
                .replaceWithSchema(IfMatch.class, new StringSchema());
    }

    @Bean
    OpenAPI document(MessageSource messages) {
        return new OpenAPI()
                .info(new Info()
                        .title("Signet")
                        .version("2")
                        .description(DESCRIPTION)
                        .contact(new Contact().name("The operator of this installation"))
                        .license(
                                new License().name("All rights reserved").identifier("LicenseRef-All-Rights-Reserved")))
                // relative to the document: right behind any proxy
                .servers(List.of(new Server().url("/").description("This installation")))
                .tags(tags())
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme(BEARER)
                                        .description(
                                                "An API token (`sgt_…`), or the access token that signing in returns"))
                        .addSecuritySchemes(
                                REFRESH_COOKIE,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.COOKIE)
                                        .name("signet_refresh")
                                        .description("Set by signing in; sent only to `/auth`"))
                        .schemas(ProblemResponses.schemas())
                        .headers(ResponseHeaders.all())
                        .responses(ProblemResponses.all(messages)));
    }

    /** In the order in which the document shows them. */
    private static List<Tag> tags() {
        return List.of(
                tag("API tokens", "The credentials of bots and partners: create, edit, rotate, revoke"),
                tag("Access roles", "Named sets of permissions, which tokens and people carry"),
                tag("Permissions", "What a role can permit, and the routes each permission opens"),
                tag("Users", "People and bot users"),
                tag("Company", "The caller's own company and its policy for API tokens"),
                tag("Channels", "Channels and their members"),
                tag("Messages", "Posting, editing and following messages"),
                tag("Avatars", "Pictures of users"),
                tag("Audit log", "Every change and every refusal that matters"),
                tag("Signing in", "Sessions of people; bots never sign in"));
    }

    private static Tag tag(String name, String description) {
        return new Tag().name(name).description(description);
    }
}
