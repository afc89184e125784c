package dev.signet.platform;

import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What every kept thing has: its id, the number of its last change, and when it was made and changed. */
@MappedSuperclass
public abstract class Stored {

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    private Instant createdAt;
    private Instant modifiedAt;

    protected Stored(Instant now) {
        this.id = Ids.next(now);
        this.createdAt = now;
        this.modifiedAt = now;
    }

    /** For JPA, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected Stored() {}

    public final String id() {
        return id;
    }

    public final long currentVersion() {
        return Objects.requireNonNull(version);
    }

    public final Instant createdAt() {
        return createdAt;
    }

    public final Instant modifiedAt() {
        return modifiedAt;
    }

    protected final void modified(Instant now) {
        modifiedAt = now;
    }
}
