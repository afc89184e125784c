package dev.signet.channel;

import dev.signet.access.Caller;
import dev.signet.channel.Channel.LastMessage;
import dev.signet.channel.Channel.Settings;
import dev.signet.channel.Channel.Write;
import dev.signet.platform.Listed;
import dev.signet.platform.Listed.Sort;
import dev.signet.platform.Rows;
import dev.signet.platform.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How channels are read, by whom. Members see all of a channel; others see it without its last message, or not at all. */
final class ChannelList {

    private static final String MEMBER =
            "exists(select from channel_members m where m.channel_id = t.id and m.user_id = :viewer)";

    static final Listed<Channel> LISTED = new Listed<>(
            """
            select t.*, l.content, l.content_type, l.sender, l.created_at as last_at,
                   array(select cast(m.user_id as text) from channel_members m
                         where m.channel_id = t.id order by m.since, m.user_id) as user_ids,
                   (:administers or %s) as readable\
            """.formatted(MEMBER),
            """
             from channels t
             join channel_heads h on h.channel_id = t.id
             left join messages l on l.id = h.last_message\
            """,
            "t.is_active",
            true,
            Map.of(
                    "name", Sort.text("t.search"),
                    "created", Sort.time("t.created_at"),
                    "modified", Sort.time("t.modified_at")),
            ChannelList::row);

    private ChannelList() {}

    /** Only what the caller may know of: a private channel does not show to others. */
    static Consumer<Where> seenBy(Caller caller) {
        return seen(caller.user(), caller.permissions().allows(ChannelAccess.READ_ALL));
    }

    static Consumer<Where> seenByAll() {
        return seen("", true);
    }

    private static Consumer<Where> seen(String viewer, boolean administers) {
        return where -> where.and(
                "(:administers or not t.is_private or " + MEMBER + ")",
                Map.of("viewer", viewer, "administers", administers));
    }

    private static Channel row(ResultSet row, int number) throws SQLException {
        return new Channel(
                row.getString("id"),
                row.getString("name_display"),
                row.getString("name_code"),
                row.getString("group_id"),
                row.getString("company_id"),
                Rows.texts(row, "user_ids"),
                row.getBoolean("is_active"),
                row.getBoolean("is_direct"),
                row.getBoolean("is_private"),
                new Settings(Write.valueOf(row.getString("write")), Rows.texts(row, "write_user_ids")),
                lastMessage(row),
                row.getString("created_by"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "modified_at"),
                row.getLong("version"));
    }

    private static @Nullable LastMessage lastMessage(ResultSet row) throws SQLException {
        return row.getBoolean("readable") && row.getString("content") != null
                ? new LastMessage(
                        row.getString("content"),
                        Rows.instant(row, "last_at"),
                        row.getString("sender"),
                        row.getString("content_type"))
                : null;
    }
}
