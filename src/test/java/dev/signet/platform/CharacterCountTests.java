package dev.signet.platform;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lengths are promised in characters, and an emoji is one. */
class CharacterCountTests {

    private static final String EMOJI = "\ud83d\ude00";

    private final Tenant company = Tenant.create();
    private final Api api = company.api();

    @Test
    void aNameHasUpTo80Characters() {
        String role = company.role("messages-read");
        Map<String, ?> token = Tenant.newToken(role);
        for (String field : List.of("name", "userBotName")) {
            assertThat(api.post(TOKENS, Tenant.with(Tenant.newToken(role), field, EMOJI.repeat(80)))
                            .expect(201)
                            .data(field.equals("name") ? "name" : "userBotName"))
                    .isEqualTo(EMOJI.repeat(80));
            api.post(TOKENS, Tenant.with(token, field, EMOJI.repeat(81))).expectFields(field + ": size");
        }
        api.post(ROLES, Map.of("name", EMOJI.repeat(80), "permissions", List.of()))
                .expect(201);
        api.post(ROLES, Map.of("name", EMOJI.repeat(81), "permissions", List.of()))
                .expectFields("name: size");
        api.post(Talk.CHANNELS, Tenant.with(Talk.newChannel(), "nameDisplay", EMOJI.repeat(80)))
                .expect(201);
        api.patch("/api/v2/company", Map.of("displayName", EMOJI.repeat(80))).expect(200);
        assertThat(Names.isName(EMOJI.repeat(80))).isTrue();
        assertThat(Names.isName(EMOJI.repeat(81))).isFalse();
    }

    @Test
    void aDescriptionAndAReasonHaveUpTo500() {
        Token token = company.token("messages-read");
        api.patch(token.path(), Map.of("description", EMOJI.repeat(500))).expect(200);
        api.patch(token.path(), Map.of("description", EMOJI.repeat(501))).expectFields("description: size");
        api.patch(ROLES + "/" + token.role(), Map.of("description", EMOJI.repeat(500)))
                .expect(200);
        api.post(token.path() + "/revoke", Map.of("reason", EMOJI.repeat(501))).expectFields("reason: size");
        api.post(token.path() + "/revoke", Map.of("reason", EMOJI.repeat(500))).expect(200);
    }

    @Test
    void aSearchAndAnOpaqueGroupCountTheSame() {
        String folded = URLEncoder.encode(EMOJI.repeat(200), StandardCharsets.UTF_8);
        api.get(TOKENS + "?search=" + folded).expect(200);
        api.get(TOKENS + "?search=x" + folded).expectFields("search: size");
        api.post(Talk.CHANNELS, Tenant.with(Talk.newChannel(), "group", EMOJI.repeat(120)))
                .expect(201);
        api.post(Talk.CHANNELS, Tenant.with(Talk.newChannel(), "group", EMOJI.repeat(121)))
                .expectFields("group: size");
    }
}
