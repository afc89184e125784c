package dev.signet.message;

import static dev.signet.Talk.CHANNELS;
import static dev.signet.Talk.MESSAGES;
import static dev.signet.Talk.message;
import static dev.signet.Talk.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bot speaks for somebody else where both may, now; and everybody sees that it did. */
class ActingForTests {

    private static final String ABSENT = "ffffffffffffffffffffffff";

    private final Tenant company = Tenant.create();
    private final Token token = Talk.talker(company, "messages-impersonate");
    private final Api bot = Api.as(token.secret());
    private final Token person = Talk.talker(company);
    private final String channel = Talk.privateChannel(Api.as(person.secret()));

    @BeforeEach
    void names() {
        company.edit(token, Map.of("impersonates", List.of(person.user())));
    }

    @Test
    void theMessageAndTheLogKeepBoth() {
        Answer made = post().expect(201);

        assertThat(made.data("sentBy")).isEqualTo(person.user());
        assertThat(made.data().path("actedBy").propertyNames()).containsExactlyInAnyOrder("user", "token");
        assertThat(made.data().at("/actedBy/user").asString()).isEqualTo(token.user());
        assertThat(made.data().at("/actedBy/token").asString()).isEqualTo(token.id());
        String item = made.data("_id");
        assertThat(Tables.texts("select actor || ' ' || token from audit_logs where item = ?", item))
                .containsExactly(token.user() + " " + token.id());
        assertThat(Tables.texts("select changes->'/sentBy'->>'changedTo' from audit_logs where item = ?", item))
                .containsExactly(person.user());
        assertThat(Tenant.events(item)).containsExactly("create");
    }

    @Test
    void whomTheTokenDoesNotNameItSpeaksNotForWhoeverTheyAre() {
        String admin = Talk.me(company.api());
        for (String id : List.of(admin, Talk.me(Tenant.create().api()), ABSENT, "x", "")) {
            bot.post(MESSAGES, message(channel, "x", id)).expect(403, "cannot_act_for");
        }
        company.edit(token, Map.of("impersonates", List.of()));
        Api.at(Node.other(), token.secret())
                .post(MESSAGES, message(channel, "x", person.user()))
                .expect(403, "cannot_act_for");
    }

    @Test
    void aPersonActsForNobody() {
        company.api().post(MESSAGES, message(channel, "x", person.user())).expect(403, "cannot_act_for");
    }

    @Test
    void theTokenNeedsTheRightToActForOthersAndThatToWrite() {
        company.edit(token, Map.of("accessRoles", List.of(company.role("messages-write"))));
        post().expectMissing("messages-impersonate");
        company.edit(token, Map.of("accessRoles", List.of(company.role("messages-impersonate"))));
        post().expectMissing("messages-write");
    }

    @Test
    void theUserNeedsTheRightToWrite() {
        company.edit(person, Map.of("accessRoles", List.of(company.role("messages-read"))));
        post().expectMissing("messages-write");
    }

    @Test
    void anInactiveUserIsSpokenForByNobody() {
        post().expect(201);
        company.revoke(person);
        post().expect(403, "cannot_act_for");
    }

    @Test
    void nobodyActsForABotWhoseTokenMayNotBeUsed() {
        String message = MESSAGES + "/" + post().expect(201).data("_id");
        company.edit(person, Map.of("isActive", false));
        post().expect(403, "cannot_act_for");
        bot.patch(message, Map.of("content", "edited")).expect(403, "cannot_act_for");
        company.edit(person, Map.of("isActive", true));
        post().expect(201);
        Tables.update("update api_tokens set expires_at = now() - interval '1 second' where id = ?", person.id());
        post().expect(403, "cannot_act_for");
        Tables.update("update api_tokens set expires_at = now() + interval '1 day' where id = ?", person.id());
        post().expect(201);
        company.revoke(person);
        post().expect(403, "cannot_act_for");
    }

    @Test
    void theUsersMembershipCountsAndNotTheBots() {
        String ours = Talk.channel(bot);
        bot.post(MESSAGES, message(ours, "x", person.user())).expect(403, "not_a_member");
        String hidden = Talk.privateChannel(bot);
        bot.post(MESSAGES, message(hidden, "x", person.user())).expectFields("channel: unknown_id");

        company.api()
                .delete(CHANNELS + "/" + channel + "/users/" + person.user())
                .expect(200);
        post().expectFields("channel: unknown_id");
    }

    @Test
    void whereTheUserMayNotWriteTheBotMayNotForThem() {
        company.api()
                .patch(
                        CHANNELS + "/" + channel,
                        Map.of("settings", Map.of("write", "none", "writeUserIds", List.of(token.user()))))
                .expect(200);
        post().expect(403, "read_only_channel");
    }

    @Test
    void whoIsActedForLendsNothingFurther() {
        Token third = Talk.talker(company);
        company.edit(person, Map.of("impersonates", List.of(third.user())));
        bot.post(MESSAGES, message(channel, "x", third.user())).expect(403, "cannot_act_for");
    }

    @Test
    void whatWasSentForAUserIsChangedThroughTheSameTokenWhileItMayActForThem() {
        String message = MESSAGES + "/" + post().expect(201).data("_id");
        Api again = Talk.bot(company, "messages-impersonate");

        Answer edited = bot.patch(message, Map.of("content", "mended")).expect(200);
        assertThat(edited.data("content")).isEqualTo("mended");
        assertThat(edited.data().at("/actedBy/user").asString()).isEqualTo(token.user());
        bot.patch(message + "/remove", Map.of()).expect(200);
        bot.patch(message + "/remove", Map.of("isHidden", false)).expect(200);
        Api.as(person.secret()).patch(message, Map.of("content", "by myself")).expect(200);
        assertThat(Tenant.events(edited.data("_id"))).containsExactly("create", "modify", "modify", "modify");
        again.patch(message, Map.of("content", "through another")).expect(404, "not_found");

        company.edit(token, Map.of("impersonates", List.of()));
        bot.patch(message, Map.of("content", "no more")).expect(403, "cannot_act_for");
        bot.patch(message + "/remove", Map.of()).expect(403, "cannot_act_for");
    }

    @Test
    void whatAPersonSentThemselvesNoTokenChanges() {
        String own = MESSAGES + "/" + say(Api.as(person.secret()), channel, "mine");
        company.api().put(CHANNELS + "/" + channel + "/users/" + token.user()).expect(200);
        bot.patch(own, Map.of("content", "not yours")).expect(403, "not_your_message");
    }

    private Answer post() {
        return bot.post(MESSAGES, message(channel, "on behalf", person.user()));
    }
}
