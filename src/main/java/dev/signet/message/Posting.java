package dev.signet.message;

import dev.signet.access.Caller;
import dev.signet.message.Message.Part;
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

    /** Whether the sender is a member and may write is asked in the statement that writes, and that reads what it made. */
    private static final String POST = """
            with head as (
                update channel_heads h
                set number = h.number + 1, at = greatest(h.at, date_trunc('milliseconds', clock_timestamp())), last_message = :id
                from channels c
                where h.channel_id = :channel and c.id = h.channel_id and c.company_id = :company and c.is_active
                  and exists (select from channel_members m where m.channel_id = c.id and m.user_id = :sender)
                  and (c.write = 'all' or :sender = any (c.write_user_ids))
                returning h.number, h.at),
            made as (
                insert into messages (id, channel_id, number, changed, sender, acted_by, token_id, content, content_type, content_parts,
                                      reply, created_at, modified_at, idempotency_key, request_digest)
                select :id, :channel, number, number, :sender, :actedBy, :token, :content, :type, cast(:parts as json),
                       cast(:reply as text[]), at, at, :key, :digest
                from head
                returning *)
            """ + MessageRows.READ.formatted("made");

    private static final String CHANGE = """
            with head as (
                update channel_heads
                set number = number + 1, at = greatest(at, date_trunc('milliseconds', clock_timestamp()))
                where channel_id = :channel
                returning number, at),
            noted as (
                insert into message_changes (channel_id, number, kind, message_id)
                select :channel, number, :kind, :id from head)
            update messages m set changed = head.number, modified_at = head.at %s
            from head where m.id = :id %s
            """;

    private static final String EDIT = CHANGE.formatted("""
            , version = version + 1, content = :content, content_parts = cast(:parts as json),
              hidden_by = :hiddenBy, is_hidden = cast(:hiddenBy as text) is not null
            """, "and m.version = :version");

    /** Reactions are no edit: they leave the version, so that nobody's edit is refused because of them. */
    private static final String REACTION = CHANGE.formatted("", "");

    /** By a statement of its own, which begins when the channel's head is held, and so sees what all others did before. */
    private static final String LAST_MESSAGE = """
            update channel_heads
            set last_message = (select id from messages where channel_id = :channel and not is_hidden
                                order by number desc limit 1)
            where channel_id = :channel
            """;

    private final MessageRows rows;
    private final JdbcClient jdbc;
    private final JsonMapper json;

    Posting(MessageRows rows, JdbcClient jdbc, JsonMapper json) {
        this.rows = rows;
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Posts as the caller; null where the channel does not take it. */
    @Nullable
    Message post(
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
                .query(rows::message)
                .optional()
                .orElse(null);
    }

    /** Changes the words of a message, hides or shows it; whether it was still at that version. */
    boolean edit(Message before, String content, List<Part> parts, String kind, @Nullable String hiddenBy) {
        boolean done = jdbc.sql(EDIT)
                        .param("channel", before.channel())
                        .param("id", before.id())
                        .param("version", before.version())
                        .param("kind", kind)
                        .param("content", content)
                        .param("parts", json.writeValueAsString(parts))
                        .param("hiddenBy", hiddenBy)
                        .update()
                > 0;
        if (done && before.isHidden() != (hiddenBy != null)) {
            jdbc.sql(LAST_MESSAGE).param("channel", before.channel()).update();
        }
        return done;
    }

    /** Adds one's reaction; nothing happens where it is there already. Whether it is there now: a message takes so many. */
    boolean react(Message message, Reaction reaction, String user) {
        change(message, reaction, user, """
                insert into message_reactions (message_id, emoji, user_id, at)
                select :id, :emoji, :user, clock_timestamp()
                where (select count(*) from message_reactions where message_id = :id and user_id = :user) < 20
                  and (select count(distinct base_emoji) from message_reactions
                       where message_id = :id and base_emoji <> :base) < 50
                on conflict do nothing""");
        return jdbc.sql(
                        "select exists(select from message_reactions where message_id = :id and base_emoji = :base and user_id = :user)")
                .param("id", message.id())
                .param("base", reaction.base())
                .param("user", user)
                .query(Boolean.class)
                .single();
    }

    /** Takes one's reaction back; nothing happens where there is none. */
    void unreact(Message message, Reaction reaction, String user) {
        change(
                message,
                reaction,
                user,
                "delete from message_reactions where message_id = :id and base_emoji = :base and user_id = :user");
    }

    /** The reaction's row before the channel's head: whoever holds the head waits for no reaction. */
    private void change(Message message, Reaction reaction, String user, String statement) {
        int changed = jdbc.sql(statement)
                .param("id", message.id())
                .param("emoji", reaction.emoji())
                .param("base", reaction.base())
                .param("user", user)
                .update();
        if (changed > 0) {
            jdbc.sql(REACTION)
                    .param("channel", message.channel())
                    .param("id", message.id())
                    .param("kind", "reaction")
                    .update();
        }
    }
}
