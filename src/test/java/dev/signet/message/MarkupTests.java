package dev.signet.message;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.MESSAGES;
import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Talk;
import dev.signet.Tenant;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Markup in a name or a message is text like any other: it comes back as it was typed, and never as a page. */
class MarkupTests {

    static final List<String> MARKUP = List.of(
            "<script>alert(1)</script>",
            "</script><script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "\"><script>alert(1)</script>",
            "' onmouseover='alert(1)",
            "javascript:alert(1)",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<iframe srcdoc='<script>alert(1)</script>'>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "&#60;script&#62;",
            "\\u003cscript\\u003e",
            "{{constructor.constructor('alert(1)')()}}",
            "${alert(1)}",
            "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
            "]]><script>alert(1)</script>",
            "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "![x](x\" onerror=\"alert(1))",
            "`<b>bold</b>` & \"quoted\" 'single'");

    private static final Tenant COMPANY = Tenant.create();
    private static final String CHANNEL = Talk.channel(COMPANY.api());

    private final Api api = COMPANY.api();

    @ParameterizedTest
    @FieldSource("MARKUP")
    void whatIsTypedComesBackAsDataAsItWasTyped(String markup) {
        Map<String, Object> channel = Talk.newChannel();
        channel.put("nameDisplay", markup);
        assertTyped(api.post(CHANNELS, channel).expect(201), "/data/nameDisplay", markup);

        Map<String, Object> role = Map.of("name", markup, "description", markup, "permissions", List.of());
        Answer made = api.post(ROLES, role).expect(201);
        assertTyped(made, "/data/name", markup);
        assertTyped(made, "/data/description", markup);

        Map<String, Object> token = new LinkedHashMap<>(Tenant.newToken(COMPANY.role("messages-write")));
        token.putAll(
                Map.of("name", markup, "userBotName", markup, "description", markup, "channels", List.of(CHANNEL)));
        Answer issued = api.post(TOKENS, token).expect(201);
        assertTyped(issued, "/data/name", markup);
        assertTyped(issued, "/data/description", markup);

        Map<String, Object> message = Talk.message(CHANNEL, markup);
        message.put("contentType", "text/enriched");
        message.put(
                "contentParts", List.of(Map.of("type", "link", "content", markup, "payload", Map.of("url", markup))));
        Answer said = Api.as(issued.data("token")).post(MESSAGES, message).expect(201);
        for (String place :
                List.of("/content", "/contentArray/0/content", "/contentArray/0/payload/url", "/sender/displayName")) {
            assertTyped(said, "/data" + place, markup);
            assertTyped(api.get(CHANNELS + "/" + CHANNEL + "/messages?limit=1"), "/data/messages/0" + place, markup);
        }
        assertTyped(api.get(CHANNELS + "/" + CHANNEL), "/data/lastMessage/content", markup);
        assertTyped(
                api.get(CHANNELS + "?search=" + encoded(markup) + "&limit=1"), "/data/channels/0/nameDisplay", markup);
    }

    @Test
    void aRefusalThatNamesWhatWasSentIsDataToo() {
        for (String markup : MARKUP) {
            Answer unknown = api.get(CHANNELS + "?" + encoded(markup) + "=1").expect(400);
            assertThat(unknown.header("Content-Type")).startsWith("application/problem+json");
            assertThat(unknown.header("X-Content-Type-Options")).isEqualTo("nosniff");
        }
    }

    private static void assertTyped(Answer answer, String place, String typed) {
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.body().at(place).asString()).isEqualTo(typed);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
