package dev.signet.message;

import dev.signet.access.Caller;
import dev.signet.platform.IdempotencyKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The statements that change what is said in a channel. Each takes the channel's next number in the channel's head, whose row
 * it holds until it is committed: whoever follows the numbers never sees one before a lower one.
 */
@Component
class Posting {

    /** Whether the sender is a member and may write is asked in the statement that writes. */
    private static final String POST = """
            with head as (
                update channel_heads h
                set number = h.number + 1, at = greatest(h.at, date_trunc('milliseconds', clock_timestamp())), last_message = :id
                from channels c
                where h.channel_id = :channel and c.id = h.channel_id and c.company_id = :company and c.is_active
                  and exists (select from channel_members m where m.channel_id = c.id and m.user_id = :sender)
                  and (c.write = 'all' or :sender = any (c.write_user_ids))
                returning h.number, h.at)
            insert into messages (id, channel_id, number, sender, acted_by, token_id, content, content_type, content_parts,
                                  reply, created_at, modified_at, idempotency_key, request_digest)
            select :id, :channel, number, :sender, :actedBy, :token, :content, :type, cast(:parts as jsonb),
                   cast(:reply as text[]), at, at, :key, :digest
            from head
            """;

    private static final String NEXT = """
            with head as (
                update channel_heads
                set number = number + 1, at = greatest(at, date_trunc('milliseconds', clock_timestamp()))
                where channel_id = :channel
                returning number, at),
            changed as (%s),
            noted as (
                insert into message_changes (channel_id, number, kind, message_id)
                select :channel, head.number, :kind, :id from head, changed)
            update messages m set modified_at = head.at, version = m.version + 1 %s
            from head, changed where m.id = :id
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Posting(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Posts as the caller; whether it was posted. */
    boolean post(
            Caller sender,
            String id,
            String channel,
            MessageContent content,
            List<String> reply,
            @Nullable IdempotencyKey request) {
        return jdbc.sql(POST)
                        .param("id", id)
                        .param("channel", channel)
                        .param("company", sender.company())
                        .param("sender", sender.user())
                        .param("actedBy", sender.actedBy())
                        .param("token", sender.token())
                        .param("content", content.text())
                        .param("type", content.type())
                        .param("parts", json.writeValueAsString(content.parts()))
                        .param("reply", reply.toArray(String[]::new))
                        .param("key", request == null ? null : request.key())
                        .param("digest", request == null ? null : request.digest())
                        .update()
                > 0;
    }

    /** Changes the words of a message or hides it; whether it was still at that version. */
    boolean edit(
            String channel, String id, long version, String kind, MessageContent content, @Nullable String hiddenBy) {
        return jdbc.sql(NEXT.formatted(
                                "select from head, messages where id = :id and version = :version for update of messages",
                                ", content = :content, content_parts = cast(:parts as jsonb), hidden_by = :hiddenBy,"
                                        + " is_hidden = cast(:hiddenBy as text) is not null"))
                        .param("channel", channel)
                        .param("id", id)
                        .param("version", version)
                        .param("kind", kind)
                        .param("content", content.text())
                        .param("parts", json.writeValueAsString(content.parts()))
                        .param("hiddenBy", hiddenBy)
                        .update()
                > 0;
    }

    /** Adds one's reaction; nothing happens where it is there already. */
    void react(String channel, String id, String emoji, String user) {
        change(channel, id, emoji, user, """
                insert into message_reactions (message_id, emoji, user_id, at)
                select :id, :emoji, :user, head.at from head on conflict do nothing returning message_id""");
    }

    /** Takes one's reaction back. */
    void unreact(String channel, String id, String emoji, String user) {
        change(channel, id, emoji, user, """
                delete from message_reactions using head where message_id = :id and emoji = :emoji and user_id = :user
                returning message_id""");
    }

    private void change(String channel, String id, String emoji, String user, String reaction) {
        jdbc.sql(NEXT.formatted(reaction, ""))
                .param("channel", channel)
                .param("id", id)
                .param("kind", "reaction")
                .param("emoji", emoji)
                .param("user", user)
                .update();
    }
}
