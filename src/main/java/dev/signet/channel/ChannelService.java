package dev.signet.channel;

import dev.signet.access.Caller;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
public class ChannelService {

    private static final String ADMINISTER = "admin-channels-write";

    private final ChannelRepository channels;
    private final JdbcClient jdbc;
    private final Clock clock;

    ChannelService(ChannelRepository channels, JdbcClient jdbc, Clock clock) {
        this.channels = channels;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Opens the channel that every new company begins with. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void openGeneral(String company, String firstMember) {
        Instant now = clock.instant();
        String channel = channels.saveAndFlush(new ChannelEntity(company, "General", "general", now))
                .id();
        join(List.of(channel), firstMember, now);
    }

    /** Who opens a channel to others must be a member of it, or may administer channels. */
    public void requireMayInvite(Caller caller, List<String> ids) {
        if (ids.isEmpty() || caller.permissions().allows(ADMINISTER)) {
            return;
        }
        int own = jdbc.sql("""
                        select count(*) from channels c join channel_members m on m.channel_id = c.id
                        where c.company_id = :company and c.id in (:ids) and m.user_id = :user
                        """)
                .param("company", caller.company())
                .param("ids", ids)
                .param("user", caller.user())
                .query(Integer.class)
                .single();
        if (own < Set.copyOf(ids).size()) {
            throw ProblemException.missing(Set.of(ADMINISTER));
        }
    }

    /** Refuses ids that are not the company's: 400 at their place, the same for another company's and for none. */
    public void requireKnown(String company, List<String> ids) {
        ProblemException.requireKnown("channels", ids, channels.findKnown(company, ids));
    }

    /** Makes the user a member of the channels. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void join(List<String> ids, String user) {
        join(ids, user, clock.instant());
    }

    private void join(List<String> ids, String user, Instant since) {
        jdbc.sql("""
                        insert into channel_members (channel_id, user_id, since)
                        select channel, :user, :since from unnest(cast(:ids as text[])) as channel on conflict do nothing
                        """)
                .param("user", user)
                .param("since", Rows.time(since))
                .param("ids", ids.toArray(String[]::new))
                .update();
    }
}
