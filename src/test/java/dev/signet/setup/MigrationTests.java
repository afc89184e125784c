package dev.signet.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A migration may take longer than any statement that serves a request. */
class MigrationTests {

    @Test
    void aMigrationTakesAsLongAsItNeeds() throws SQLException {
        TestDatabase database = TestDatabase.fresh();
        String name = database.url().replaceAll("\\?.*", "").replaceAll(".*/", "");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            // as an administrator may set them for everybody
            statement.execute("alter database " + name + " set statement_timeout = '1s'");
            statement.execute("alter database " + name + " set idle_in_transaction_session_timeout = '1s'");
        }
        try (Node node = Node.apart(List.of(
                "spring.datasource.url=" + database.url(),
                "spring.datasource.hikari.data-source-properties.socketTimeout=1",
                "spring.datasource.hikari.data-source-properties.ApplicationName=a name",
                "spring.flyway.locations=classpath:db/migration,classpath:db/slow"))) {
            assertThat(Api.at(node, null).get("/actuator/health/readiness").status())
                    .isEqualTo(200);
            DataSource migrations = node.bean(Flyway.class).getConfiguration().getDataSource();
            assertThat(JdbcClient.create(migrations)
                            .sql("show application_name")
                            .query(String.class)
                            .single())
                    .as("the driver's other properties hold for migrations too")
                    .isEqualTo("a name");
        }
    }
}
