package dev.signet.platform;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.USERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Wire;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The link to the next page repeats the request, whatever was asked. */
class NextPageTests {

    private final Tenant company = Tenant.create();

    @Test
    void aLinkFindsWhatTheRequestFound() {
        for (String name : List.of("a+b", "a b", "a&b=c", "a%20b", "{a}[b]", "a\"<b>", "ñandú ❤", "a;b/c?d#e")) {
            List<String> made = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                made.add(company.api()
                        .post(ROLES, Map.of("name", name + " " + i, "permissions", List.of()))
                        .expect(201)
                        .data("_id"));
            }
            List<String> found = new ArrayList<>();
            String next = ROLES + "?limit=2&isActive=all&orderBy=asc&search=" + encoded(name);
            while (!next.isEmpty()) {
                Answer page = company.api().get(next).expect(200);
                page.data()
                        .path("accessRoles")
                        .values()
                        .forEach(role -> found.add(role.path("_id").asString()));
                next = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
            }
            assertThat(found).as(name).containsExactlyElementsOf(made);
        }
    }

    @Test
    void aLinkRepeatsRawCharactersAndTimesWithAnOffset() {
        company.token("messages-read");
        company.token("messages-read");
        for (String query : List.of(
                "?limit=1&created_gt=2020-01-01T00:00:00%2B02:00",
                "?limit=1&createdBy=&debug={}[]|",
                "?limit=1&page=1&debug=1&search=token&sortBy=name&orderBy=asc&count=true")) {
            Answer first = company.api().get(TOKENS + raw(query)).expect(200);
            String next = first.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
            assertThat(next)
                    .startsWith(TOKENS + "?limit=1")
                    .contains("&cursor=")
                    .doesNotContain("page=", "{", " ");
            Answer second = company.api().get(next).expect(200);
            assertThat(second.data().path("apiTokens")).hasSize(1);
            assertThat(second.data().at("/apiTokens/0/_id"))
                    .isNotEqualTo(first.data().at("/apiTokens/0/_id"));
        }
    }

    @Test
    void aLinkThatNoRequestCouldCarryIsLeftOut() {
        company.person();
        String padding = "x".repeat(6_500);
        Answer fits = company.api().get(USERS + "?limit=1&debug=" + padding).expect(200);
        assertThat(fits.header("Link")).contains(padding);
        company.api()
                .get(fits.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1"))
                .expect(200);

        // sent raw, each becomes three characters
        Wire raw = Wire.get(USERS + "?limit=1&debug=" + "\"".repeat(3_500)).bearer(company.bearer());
        Wire.Answer tooLong = raw.to(Node.one());
        assertThat(tooLong.status()).isEqualTo(200);
        assertThat(tooLong.header("Link")).isNull();
        assertThat(tooLong.json().at("/data/nextCursor").asString()).isNotBlank();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** As a client's library may send it. */
    private static String raw(String query) {
        return query.replace("{", "%7B").replace("}", "%7D").replace("|", "%7C").replace("\"", "%22");
    }
}
