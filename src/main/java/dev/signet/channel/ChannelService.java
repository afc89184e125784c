package dev.signet.channel;

import dev.signet.platform.Rows;
import java.time.Clock;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
public class ChannelService {

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
        jdbc.sql("insert into channel_members (channel_id, user_id, since) values (:channel, :user, :now)")
                .param("channel", channel)
                .param("user", firstMember)
                .param("now", Rows.time(now))
                .update();
    }
}
