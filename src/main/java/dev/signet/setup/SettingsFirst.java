package dev.signet.setup;

import dev.signet.platform.Setting;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/** Migrates the database only when every setting has been read and found valid. */
@Component
class SettingsFirst implements FlywayMigrationStrategy {

    /** @param settings asked for so that they are created, and thereby checked, first */
    SettingsFirst(List<Setting> settings) {}

    @Override
    public void migrate(Flyway flyway) {
        flyway.migrate();
    }
}
