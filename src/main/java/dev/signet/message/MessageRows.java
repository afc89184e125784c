package dev.signet.message;

import dev.signet.avatar.Avatar;
import dev.signet.message.Message.ActedBy;
import dev.signet.message.Message.Form;
import dev.signet.message.Message.Part;
import dev.signet.message.Message.Sender;
import dev.signet.message.MessageFeed.Change;
import dev.signet.message.MessageService.Edit;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How messages are read: each with its sender's name and face as they are now. */
@Component
class MessageRows {

    /**
     * A message with what is not shown of it: the words of a hidden one, the token that it came through, who hid it.
     *
     * @param isOld whether its sender may no longer remove it
     */
    record Kept(
            Message message,
            String content,
            List<Part> parts,
            @Nullable String token,
            @Nullable String hiddenBy,
            boolean isOld) {

        Edit asEdit() {
            return new Edit(message.channel(), content, parts, message.isHidden(), message.isSaved());
        }
    }

    /** Messages of a table or query, with their senders and reactions. */
    static final String READ = """
            select m.*, m.created_at < now() - interval '24 hours' as is_old, u.display_name, u.avatar_id, u.is_bot,
                   coalesce((select jsonb_object_agg(r.emoji, r.users)
                             from (select (array_agg(emoji order by at, user_id))[1] as emoji,
                                          jsonb_agg(user_id order by at, user_id) as users
                                   from message_reactions where message_id = m.id group by base_emoji) r), '{}') as reactions
            from %s m join users u on u.id = m.sender
            """;

    private static final String SELECT = READ.formatted("messages");

    /** About what a message takes of an answer besides its fixed members, without reading what is stored apart from its row. */
    private static final String SIZE = """
            case when p.is_hidden then 0 else octet_length(p.content) + octet_length(cast(p.content_parts as text)) end
            + 27 * (select count(*) from message_reactions r where r.message_id = p.id)""";

    /**
     * Of those rows, in that order, as many as fit into so many bytes, and at least one; and how many were found. The sum is
     * made by the database, so that the rest is never loaded.
     */
    private static final String FITTING = """
            (select * from (
                select f.*, count(*) over () as found, sum(f.size) over (order by f.%1$s rows unbounded preceding) as read
                from (select p.*, %2$s as size from %3$s) f) s
             where s.read <= :most or s.read = s.size)""";

    private static final String CHANGES =
            READ.formatted(FITTING.formatted("change", "c.change, c.kind, " + SIZE, """
            ((select number as change, 'message' as kind, id from messages
                    where channel_id = :channel and number > :after order by number limit :limit)
                   union all
                   (select number, kind, message_id from message_changes
                    where channel_id = :channel and number > :after order by number limit :limit)
                   order by change limit :limit) c
             join messages p on p.id = c.id""")) + "order by m.change";

    private static final String MODIFIED = READ.formatted(FITTING.formatted("modified_at, f.changed", SIZE, """
            (select * from messages where channel_id = :channel and (modified_at, changed) > (:from, :after)
             order by modified_at, changed limit :limit) p"""))
            + "order by m.modified_at, m.changed";

    /** What is kept may be larger than what may come in. */
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final TypeReference<List<Part>> PARTS = new TypeReference<>() {};
    private static final TypeReference<Map<String, List<String>>> REACTIONS = new TypeReference<>() {};

    /** Of the messages in an answer; a little is left for what is around them. */
    private static final int MOST_BYTES = 999_000;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    MessageRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Message get(String id) {
        return jdbc.sql(SELECT + "where m.id = :id")
                .param("id", id)
                .query(this::message)
                .single();
    }

    Optional<Kept> find(String company, String id) {
        return jdbc.sql(SELECT + "join channels c on c.id = m.channel_id where m.id = :id and c.company_id = :company")
                .param("id", id)
                .param("company", company)
                .query(this::kept)
                .optional();
    }

    /** The message that the same request of that user made, or null. Refuses with 422 where it asked for another one. */
    @Nullable
    Message madeBy(String user, IdempotencyKey request) {
        return jdbc.sql(SELECT + "where coalesce(m.acted_by, m.sender) = :user and m.idempotency_key = :key")
                .param("user", user)
                .param("key", request.key())
                .query((row, number) -> {
                    request.requireSame(row.getBytes("request_digest"));
                    return message(row, number);
                })
                .optional()
                .orElse(null);
    }

    /** Refuses ids of other channels' messages, and of none: 400 at their place. */
    void requireInChannel(String channel, List<String> reply) {
        if (reply.isEmpty()) {
            return;
        }
        Set<String> known = Set.copyOf(
                jdbc.sql("select id from messages where channel_id = :channel and id = any(cast(:ids as text[]))")
                        .param("channel", channel)
                        .param("ids", reply.toArray(String[]::new))
                        .query(String.class)
                        .list());
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        for (int i = 0; i < reply.size(); i++) {
            if (!known.contains(reply.get(i))) {
                refusal.field("reply[" + i + "]", "unknown_id");
            }
        }
        refusal.throwIfAny();
    }

    /** The channel's messages right before or right after one of them, or its last ones; the newest first. */
    Page<Message> page(String channel, @Nullable String before, @Nullable String after, int limit) {
        String order = after == null ? "number desc" : "number asc";
        String rows = """
                (select * from messages where channel_id = :channel
                      and (cast(:before as text) is null or number < (select number from messages where id = :before))
                      and (cast(:after as text) is null or number > (select number from messages where id = :after))
                      order by %s limit :limit) p""".formatted(order);
        Page<Message> page = page(
                jdbc.sql(READ.formatted(FITTING.formatted(order, SIZE, rows)) + " order by m." + order)
                        .param("channel", channel)
                        .param("before", before)
                        .param("after", after),
                limit,
                MOST_BYTES,
                this::message,
                message -> message);
        return after == null ? page : new Page<>(page.items().reversed(), page.more());
    }

    /**
     * What was modified on or after that time, oldest first; of that very time only what was changed after that number. A
     * change that comes later has a higher one, so that nobody who goes on from the last one misses it.
     */
    Page<Modified> modified(String channel, Instant from, long after, int limit) {
        return page(
                jdbc.sql(MODIFIED)
                        .param("channel", channel)
                        .param("from", Rows.time(from))
                        .param("after", after),
                limit,
                MOST_BYTES,
                (row, number) -> new Modified(message(row, number), row.getLong("changed")),
                Modified::message);
    }

    /** What happened in the channel after that number, in order. */
    Page<Change> changes(String channel, long after, int limit, int mostBytes) {
        return page(
                jdbc.sql(CHANGES).param("channel", channel).param("after", after),
                limit,
                mostBytes,
                (row, number) -> new Change(row.getLong("change"), row.getString("kind"), message(row, number)),
                Change::message);
    }

    /** Reads one row more than the limit, to see whether there is more; cuts by the bytes that will really be written. */
    private <T> Page<T> page(
            StatementSpec statement, int limit, int mostBytes, RowMapper<T> row, Function<T, Message> message) {
        AtomicLong found = new AtomicLong();
        List<T> read = statement
                .param("limit", limit + 1)
                .param("most", mostBytes)
                .query((fields, number) -> {
                    found.set(fields.getLong("found"));
                    return row.mapRow(fields, number);
                })
                .list();
        int kept = 0;
        long bytes = 0;
        for (T item : read.subList(0, Math.min(limit, read.size()))) {
            bytes += sizeOf(message.apply(item));
            if (kept > 0 && bytes > mostBytes) {
                break;
            }
            kept++;
        }
        return new Page<>(read.subList(0, kept), found.get() > kept);
    }

    /** With the comma behind it. */
    private long sizeOf(Message message) {
        AtomicLong size = new AtomicLong(1);
        json.writeValue(
                new OutputStream() {
                    @Override
                    public void write(int one) {
                        size.incrementAndGet();
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        size.addAndGet(length);
                    }
                },
                message);
        return size.get();
    }

    boolean isIn(String channel, String id) {
        return jdbc.sql("select exists(select from messages where id = :id and channel_id = :channel)")
                .param("id", id)
                .param("channel", channel)
                .query(Boolean.class)
                .single();
    }

    /** As many as fit, and whether there is more behind them. */
    record Page<T>(List<T> items, boolean more) {}

    /** A message and the channel's number of its last change. */
    record Modified(Message message, long changed) {}

    private Kept kept(ResultSet row, int number) throws SQLException {
        return new Kept(
                message(row, number),
                row.getString("content"),
                parts(row),
                row.getString("token_id"),
                row.getString("hidden_by"),
                row.getBoolean("is_old"));
    }

    Message message(ResultSet row, int number) throws SQLException {
        boolean hidden = row.getBoolean("is_hidden");
        String sender = row.getString("sender");
        return new Message(
                row.getString("id"),
                row.getString("channel_id"),
                hidden ? "" : row.getString("content"),
                row.getString("content_type"),
                hidden ? List.of() : parts(row),
                Rows.texts(row, "reply"),
                Message.SAVED,
                sender,
                row.getBoolean("is_bot"),
                new Sender(
                        row.getString("display_name"),
                        Avatar.of(row.getString("avatar_id"), sender, row.getString("display_name"))),
                actedBy(row.getString("acted_by"), row.getString("token_id")),
                hidden,
                JSON.readValue(row.getString("reactions"), REACTIONS),
                Rows.instant(row, "created_at").toEpochMilli(),
                Rows.instant(row, "modified_at"),
                Form.NONE,
                row.getLong("version"));
    }

    private List<Part> parts(ResultSet row) throws SQLException {
        return JSON.readValue(row.getString("content_parts"), PARTS);
    }

    private static @Nullable ActedBy actedBy(@Nullable String user, @Nullable String token) {
        return user == null || token == null ? null : new ActedBy(user, token);
    }
}
