package dev.signet.token;

import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.newToken;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Tables;
import dev.signet.Tenant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A bot can be made a member of channels from the beginning. */
class TokenChannelTests {

    private static final String OPENS = "admin-apitokens-write";

    private final Tenant company = Tenant.create();
    private final String general = channel(company);

    @Test
    void theNewBotIsAMemberOfTheChannels() {
        String role = company.role("messages-read");
        Answer made = company.api()
                .post(TOKENS, with(newToken(role), "channels", List.of(general, general)))
                .expect(201);
        Answer apart = company.api().post(TOKENS, newToken(role)).expect(201);

        assertThat(Tables.texts("select user_id from channel_members where channel_id = ?", general))
                .contains(made.data("user"))
                .doesNotContain(apart.data("user"));
        assertThat(Tables.texts("select changes #>> '{/userIds,changedTo}' from audit_logs where item = ?", general))
                .singleElement(as(STRING))
                .contains(made.data("user"));
    }

    @Test
    void aChannelThatIsNotTheCompanysIsNamed() {
        String role = company.role("messages-read");
        for (String id : List.of(channel(Tenant.create()), "ffffffffffffffffffffffff", "x")) {
            company.api()
                    .post(TOKENS, with(newToken(role), "channels", List.of(general, id)))
                    .expectFields("channels[1]: unknown_id");
        }
    }

    @Test
    void whoIsNoMemberAndDoesNotAdministerChannelsInvitesNobody() {
        String role = company.role(OPENS);
        Api outsider = Api.as(company.token(OPENS).secret());
        outsider.post(TOKENS, with(newToken(role), "channels", List.of(general)))
                .expectMissing("admin-channels-write");
        outsider.post(TOKENS, with(newToken(role), "channels", List.of("x"))).expectMissing("admin-channels-write");

        Api member = Api.as(company.api()
                .post(TOKENS, with(newToken(role), "channels", List.of(general)))
                .data("token"));
        member.post(TOKENS, with(newToken(role), "channels", List.of(general))).expect(201);
        Api.as(company.token(OPENS, "admin-channels-write").secret())
                .post(TOKENS, with(newToken(role), "channels", List.of(general)))
                .expect(201);
    }

    private static String channel(Tenant company) {
        return Tables.texts("select id from channels where company_id = ?", company.id())
                .getFirst();
    }
}
