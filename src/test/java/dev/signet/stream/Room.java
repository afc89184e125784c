package dev.signet.stream;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.util.Map;

/** A channel of a test's own, with its company's administrator and bots in it. */
record Room(Tenant company, String id) {

    static final String MESSAGES = "/api/v1/messages";

    static Room open() {
        return open(Tenant.create());
    }

    static Room open(Tenant company) {
        Answer made = company.api()
                .post("/api/v2/channels", Map.of("nameDisplay", "Room", "nameCode", "room_" + System.nanoTime()))
                .expect(201);
        return new Room(company, made.data("_id"));
    }

    String path() {
        return "/api/v2/channels/" + id;
    }

    String stream() {
        return path() + "/stream";
    }

    /** A new bot with those permissions that is a member. */
    Token bot(String... permissions) {
        Token bot = company.token(permissions);
        company.api().put(path() + "/users/" + bot.user()).expect(200);
        return bot;
    }

    /** Posts as the administrator and gives the message. */
    Answer post(String text) {
        return post(company.api(), text);
    }

    Answer post(Api api, String text) {
        return api.post(MESSAGES, Map.of("channel", id, "content", text, "contentType", "text/plain"))
                .expect(201);
    }

    Ear listen(Token bot) {
        return Ear.at(Node.one(), bot.secret(), this);
    }
}
