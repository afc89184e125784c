package dev.signet.channel;

import dev.signet.platform.Stored;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;

/** Written here, read by SQL. */
@Entity(name = "Channel")
@Table(name = "channels")
@SuppressWarnings("UnusedVariable")
class ChannelEntity extends Stored {

    private String companyId;
    private String nameDisplay;
    private String nameCode;

    @Column(name = "is_active")
    private boolean active;

    ChannelEntity(String company, String nameDisplay, String nameCode, Instant now) {
        super(now);
        this.companyId = company;
        this.nameDisplay = nameDisplay;
        this.nameCode = nameCode;
        this.active = true;
    }

    @SuppressWarnings("NullAway.Init")
    protected ChannelEntity() {}
}
