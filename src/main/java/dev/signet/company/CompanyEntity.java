package dev.signet.company;

import dev.signet.platform.Stored;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity(name = "Company")
@Table(name = "companies")
class CompanyEntity extends Stored {

    private String displayName;

    CompanyEntity(String displayName, Instant now) {
        super(now);
        this.displayName = displayName;
    }

    @SuppressWarnings("NullAway.Init")
    protected CompanyEntity() {}

    Company seen() {
        return new Company(id(), displayName);
    }
}
