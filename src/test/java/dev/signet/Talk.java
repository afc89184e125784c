package dev.signet;

import dev.signet.Tenant.Token;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Channels of a test's own, and what is said in them. */
public final class Talk {

    public static final String CHANNELS = "/api/v2/channels";
    public static final String MESSAGES = "/api/v1/messages";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private Talk() {}

    /** The body of a request for a channel with a code of its own. */
    public static Map<String, Object> newChannel(String... members) {
        int number = COUNT.incrementAndGet();
        return new LinkedHashMap<>(Map.of(
                "nameDisplay", "Channel " + number, "nameCode", "channel_" + number, "userIds", List.of(members)));
    }

    /** A new channel of the maker and those members. */
    public static String channel(Api maker, String... members) {
        return maker.post(CHANNELS, newChannel(members)).expect(201).data("_id");
    }

    /** The same, which does not show to others. */
    public static String privateChannel(Api maker, String... members) {
        return maker.post(CHANNELS, Tenant.with(newChannel(members), "isPrivate", true))
                .expect(201)
                .data("_id");
    }

    /** The body of a plain message. */
    public static Map<String, Object> message(String channel, String content) {
        return new LinkedHashMap<>(
                Map.of("channel", channel, "content", content, "contentType", "text/plain", "isSaved", 2));
    }

    /** The same for somebody else. */
    public static Map<String, Object> message(String channel, String content, String sentBy) {
        Map<String, Object> body = message(channel, content);
        body.put("sentBy", sentBy);
        return body;
    }

    /** Posts what must be accepted and gives the message's id. */
    public static String say(Api sender, String channel, String content) {
        return sender.post(MESSAGES, message(channel, content)).expect(201).data("_id");
    }

    public static String me(Api api) {
        return api.get("/api/v2/users/me").expect(200).data("_id");
    }

    /** A bot that reads and writes, as it calls. */
    public static Api bot(Tenant company, String... more) {
        return Api.as(talker(company, more).secret());
    }

    public static Token talker(Tenant company, String... more) {
        return company.token(
                Stream.concat(Stream.of("messages-write"), Stream.of(more)).toArray(String[]::new));
    }
}
