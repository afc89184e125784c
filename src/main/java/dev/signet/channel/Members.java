package dev.signet.channel;

import dev.signet.channel.ChannelAccess.Membership;
import dev.signet.platform.Rows;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Who belongs to which channel. */
@Component
class Members {

    private final JdbcClient jdbc;
    private final Clock clock;

    Members(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Of how many of those channels the user is a member. */
    int count(Collection<String> channels, String user) {
        return jdbc.sql("""
                        select count(*) from channel_members
                        where channel_id = any(cast(:channels as text[])) and user_id = :user
                        """)
                .param("channels", channels.toArray(String[]::new))
                .param("user", user)
                .query(Integer.class)
                .single();
    }

    /** The channels of a user, except direct ones, which belong to their two users. */
    List<String> channelsOf(String user) {
        return jdbc.sql("""
                        select c.id from channel_members m join channels c on c.id = m.channel_id
                        where m.user_id = :user and not c.is_direct order by c.id
                        """)
                .param("user", user)
                .query((row, number) -> row.getString("id"))
                .list();
    }

    /** Makes the users members; whether any of them was not. */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean add(Collection<String> channels, Collection<String> users) {
        return jdbc.sql("""
                                insert into channel_members (channel_id, user_id, since)
                                select channel, member, :since
                                from unnest(cast(:channels as text[])) channel, unnest(cast(:users as text[])) member
                                on conflict do nothing
                                """)
                        .param("since", Rows.time(clock.instant()))
                        .param("channels", channels.toArray(String[]::new))
                        .param("users", users.toArray(String[]::new))
                        .update()
                > 0;
    }

    /** Those of them that there are. */
    Set<Membership> existing(Collection<Membership> memberships) {
        return jdbc.sql("""
                        select m.channel_id, m.user_id
                        from unnest(cast(:channels as text[]), cast(:users as text[])) as s (channel, member)
                        join channel_members m on m.channel_id = s.channel and m.user_id = s.member
                        """)
                .param("channels", memberships.stream().map(Membership::channel).toArray(String[]::new))
                .param("users", memberships.stream().map(Membership::user).toArray(String[]::new))
                .query((row, number) -> new Membership(row.getString("channel_id"), row.getString("user_id")))
                .set();
    }

    @Transactional(propagation = Propagation.MANDATORY)
    boolean remove(String channel, String user) {
        return jdbc.sql("delete from channel_members where channel_id = :channel and user_id = :user")
                        .param("channel", channel)
                        .param("user", user)
                        .update()
                > 0;
    }
}
