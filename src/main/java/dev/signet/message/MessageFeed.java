package dev.signet.message;

import dev.signet.message.MessageRows.Page;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What happens in channels, by its numbers, for those who follow them. A number may stand for no change. */
@Component
public class MessageFeed {

    /** A change: {@code message}, {@code edit}, {@code remove} or {@code reaction}, and the message as it is now. */
    public record Change(long number, String kind, Message message) {}

    /** Changes in order, and whether there are more behind them. */
    public record Changes(List<Change> changes, boolean more) {}

    private final JdbcClient jdbc;
    private final MessageRows rows;

    MessageFeed(JdbcClient jdbc, MessageRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /** The number of each channel's last change. Whatever has one up to it is there to be read. */
    public Map<String, Long> heads(Collection<String> channels) {
        Map<String, Long> heads = new HashMap<>();
        jdbc.sql("select channel_id, number from channel_heads where channel_id = any(cast(:channels as text[]))")
                .param("channels", channels.toArray(String[]::new))
                .query(row -> {
                    heads.put(row.getString("channel_id"), row.getLong("number"));
                });
        return heads;
    }

    /** The number of the channel's last change. */
    public long head(String channel) {
        return heads(List.of(channel)).getOrDefault(channel, 0L);
    }

    /** The channel's next changes after that number, in order, as many as fit into so many bytes, and at least one. */
    public Changes after(String channel, long number, int limit, int mostBytes) {
        Page<Change> page = rows.changes(channel, number, limit, mostBytes);
        return new Changes(page.items(), page.more());
    }
}
