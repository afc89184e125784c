package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A program that was written for the conventions alone, with nothing of ours in it, works. */
class ConventionsTests {

    private static final String ID = "^[a-fA-F0-9]{24}$";

    @Test
    void aProgramThatKnowsTheConventionsAloneFindsMakesSaysMendsAndFollows() {
        Tenant company = Tenant.create();
        Token token = Talk.talker(company, "messages-read");
        String mine = company.api()
                .get("/api/v2/channels?search=GENERAL&isActive=true&limit=100&count=true")
                .data()
                .at("/channels/0/_id")
                .asString();
        company.api().put("/api/v2/channels/" + mine + "/users/" + token.user());
        Api program = Api.as(token.secret()).with("Admin", "true").with("Company", company.id());

        JsonNode me = program.get("/api/v2/users/me").expect(200).data();
        assertThat(me.at("/company/_id").asString()).matches(ID);

        JsonNode found = program.get(
                        "/api/v2/channels?search=general&limit=100&count=true&debug=true&group=&sortBy=&cursor=")
                .expect(200)
                .data();
        assertThat(found.path("count").asInt()).isOne();
        assertThat(found.at("/channels/0/_id").asString()).isEqualTo(mine).matches(ID);

        JsonNode made = program.post(
                        "/api/v2/channels",
                        Map.of("nameDisplay", "Support", "nameCode", "support", "group", "5f2b0527c4cc10076c97460d"))
                .expect(201)
                .data();
        String channel = made.path("_id").asString();
        assertThat(made.path("group").asString()).isEqualTo("5f2b0527c4cc10076c97460d");

        Map<String, Object> body = Map.of(
                "channel",
                channel,
                "content",
                "Hello",
                "contentType",
                "text/plain",
                "isSaved",
                2,
                "sentBy",
                me.path("_id").asString());
        Answer sent = program.post("/api/v1/messages", body).expect(201);
        String message = sent.data("_id");
        assertThat(message).matches(ID);
        assertThat(sent.data("sentBy")).isEqualTo(me.path("_id").asString());
        assertThat(sent.data().path("isSaved").asInt()).isEqualTo(16);
        assertThat(sent.data().path("createdAt").asLong()).isGreaterThan(1_700_000_000_000L);
        assertThat(sent.data().at("/form/modifiedAt").isArray()).isTrue();

        program.patch(
                        "/api/v1/messages/" + message,
                        Map.of("channel", channel, "content", "Hello, world", "isSaved", 2))
                .expect(200);
        JsonNode follows = follow(program, channel, sent.data("modifiedAt"));
        assertThat(follows.size()).isOne();
        assertThat(follows.at("/0/content").asString()).isEqualTo("Hello, world");

        program.patch("/api/v1/messages/" + message + "/remove", Map.of("channel", channel, "isHidden", true))
                .expect(200);
        JsonNode removed = follow(program, channel, follows.at("/0/modifiedAt").asString());
        assertThat(removed.at("/0/_id").asString()).isEqualTo(message);
        assertThat(removed.at("/0/isHidden").asBoolean()).isTrue();

        Map<String, Object> system = Map.of("channel", channel, "content", "**done**", "contentType", "text/system");
        program.post("/api/v1/messages", system).expect(201);
        assertThat(program.get("/api/v2/channels/" + channel)
                        .data()
                        .at("/lastMessage/contentType")
                        .asString())
                .isEqualTo("text/system");
    }

    private static JsonNode follow(Api program, String channel, String since) {
        JsonNode list = program.get("/api/v1/messages/channel/" + channel + "/modified/" + since)
                .expect(200)
                .data();
        assertThat(list.isArray()).isTrue();
        return list;
    }
}
