package dev.signet.channel;

import dev.signet.platform.Folded;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.Stored;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Written here, read as a {@link Channel} by SQL. */
@Entity(name = "Channel")
@Table(name = "channels")
@SuppressWarnings("UnusedVariable")
class ChannelEntity extends Stored {

    private String companyId;
    private String nameDisplay;
    private String nameCode;
    private @Nullable String groupId;

    @Column(name = "is_direct")
    private boolean direct;

    @Column(name = "is_private")
    private boolean hidden;

    @Column(name = "is_active")
    private boolean active;

    private String write;
    private List<String> writeUserIds;
    private String search;
    private @Nullable String createdBy;
    private @Nullable String idempotencyKey;
    private byte @Nullable [] requestDigest;

    ChannelEntity(
            String company,
            String nameCode,
            boolean direct,
            ChannelContent content,
            @Nullable IdempotencyKey request,
            String by,
            Instant now) {
        super(now);
        this.companyId = company;
        this.nameCode = nameCode;
        this.direct = direct;
        this.createdBy = by;
        this.idempotencyKey = request == null ? null : request.key();
        this.requestDigest = request == null ? null : request.digest();
        this.nameDisplay = content.nameDisplay();
        this.groupId = content.group();
        this.hidden = content.isPrivate();
        this.active = content.isActive();
        this.write = content.settings().write().name();
        this.writeUserIds = new ArrayList<>(content.settings().writeUserIds());
        this.search = Folded.text(nameDisplay, nameCode);
    }

    @SuppressWarnings("NullAway.Init")
    protected ChannelEntity() {}

    void edit(ChannelContent content, Instant now) {
        nameDisplay = content.nameDisplay();
        groupId = content.group();
        hidden = content.isPrivate();
        active = content.isActive();
        write = content.settings().write().name();
        writeUserIds = new ArrayList<>(content.settings().writeUserIds());
        search = Folded.text(nameDisplay, nameCode);
        modified(now);
    }

    /** Rejects with 422 a request whose key created this channel with another body. */
    void requireMadeBy(IdempotencyKey request) {
        request.requireSame(Objects.requireNonNull(requestDigest));
    }

    /** Somebody came or went: who is a member is part of the channel. */
    void membersChanged(Instant now) {
        modified(now);
    }
}
