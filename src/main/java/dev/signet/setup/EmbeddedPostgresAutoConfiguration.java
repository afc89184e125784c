package dev.signet.setup;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/** The database of a first run. It steps back when somebody names another one. */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@Conditional(NoExternalDatabase.class)
@ConditionalOnClass(EmbeddedPostgres.class)
@ConditionalOnMissingBean({JdbcConnectionDetails.class, DataSource.class})
class EmbeddedPostgresAutoConfiguration {

    @Bean
    EmbeddedDatabase embeddedDatabase(Environment environment) {
        Path folder = Path.of(environment.getProperty("signet.data-dir", "data"));
        return environment.containsProperty("signet.command")
                ? EmbeddedDatabase.openOrJoin(folder)
                : EmbeddedDatabase.open(folder);
    }
}
