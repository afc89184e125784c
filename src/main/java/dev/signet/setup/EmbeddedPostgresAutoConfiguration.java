package dev.signet.setup;

import dev.signet.platform.StartRefusedException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The database of a first run. It steps back when somebody names another one. */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@Conditional(NoExternalDatabase.class)
@ConditionalOnMissingBean({JdbcConnectionDetails.class, DataSource.class})
class EmbeddedPostgresAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(EmbeddedPostgres.class)
    static class Present {
        @Bean
        EmbeddedDatabase embeddedDatabase(Environment environment) {
            Path folder = Path.of(environment.getProperty("signet.data-dir", "data"));
            return environment.containsProperty("signet.command")
                    ? EmbeddedDatabase.openOrJoin(folder)
                    : EmbeddedDatabase.open(folder);
        }
    }

    /** The packaged jar leaves the embedded database out. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("io.zonky.test.db.postgres.embedded.EmbeddedPostgres")
    static class Absent {
        @Bean
        EmbeddedDatabase embeddedDatabase() {
            throw new StartRefusedException(
                    "No database is configured, and this build has none of its own.",
                    "Set SPRING_DATASOURCE_URL (jdbc:postgresql://host/database), SPRING_DATASOURCE_USERNAME, "
                            + "SPRING_DATASOURCE_PASSWORD, and SIGNET_KEYS (made by: openssl rand -base64 32).");
        }
    }
}
