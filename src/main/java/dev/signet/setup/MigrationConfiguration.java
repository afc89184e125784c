package dev.signet.setup;

import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * Migrations have connections of their own, without the time-outs that serving requests needs: a large table takes its time,
 * and a migration that is cut would be cut again at every start.
 */
@Configuration(proxyBeanMethods = false)
class MigrationConfiguration {

    @Bean
    FlywayConfigurationCustomizer migrationConnections(JdbcConnectionDetails database, Environment environment) {
        return flyway -> {
            // not where spring.flyway.url or .user names another one: that is such a data source already
            if (!(flyway.getDataSource() instanceof SimpleDriverDataSource)) {
                flyway.dataSource(new DriverManagerDataSource(
                        database.getJdbcUrl(),
                        DriverSettings.of(environment, database.getUsername(), database.getPassword())));
            }
        };
    }
}
