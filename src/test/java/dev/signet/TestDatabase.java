package dev.signet;

import dev.signet.setup.ThrowawayPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A database for tests. The server is one for all: a container where a Docker engine answers, else an embedded one. */
public record TestDatabase(String url, String username, String password) {

    /** No superuser, so that nothing comes to need one. */
    private static final String OWNER = "signet_tests";

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** An empty database of its own; whoever is given the same one shares it. */
    public static TestDatabase fresh() {
        String name = "test_" + COUNT.incrementAndGet();
        Server.execute("create database " + name + " owner " + OWNER);
        return new TestDatabase(Server.urlOf(name), OWNER, OWNER);
    }

    /** A connection of the caller's own. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, username, password);
    }

    /** The same database for a role that may do everything. */
    public TestDatabase asSuperuser() {
        return new TestDatabase(url, Server.ADMIN.username, Server.ADMIN.password);
    }

    /** Started when the first test asks. */
    private static final class Server {

        private static final String SUPERUSER_DATABASE = "postgres";
        private static final TestDatabase ADMIN =
                DockerClientFactory.instance().isDockerAvailable() ? container() : embedded();

        static {
            execute("create role " + OWNER + " login password '" + OWNER + "'");
        }

        static String urlOf(String database) {
            return ADMIN.url.replaceFirst("/" + SUPERUSER_DATABASE + "(?=$|\\?)", "/" + database);
        }

        static void execute(String sql) {
            try (Connection connection = DriverManager.getConnection(ADMIN.url, ADMIN.username, ADMIN.password);
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        // stopped by Testcontainers itself when the JVM ends
        @SuppressWarnings("resource")
        private static TestDatabase container() {
            String image = System.getProperty("signet.test.postgres-image", "postgres:18");
            PostgreSQLContainer container = new PostgreSQLContainer(image)
                    .withDatabaseName(SUPERUSER_DATABASE)
                    .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
            container.start();
            System.out.println("Tests use PostgreSQL in a container: " + image);
            return new TestDatabase(container.getJdbcUrl(), container.getUsername(), container.getPassword());
        }

        private static TestDatabase embedded() {
            ThrowawayPostgres postgres = ThrowawayPostgres.start();
            System.out.println("Tests use the embedded PostgreSQL: no Docker engine answers");
            return new TestDatabase(postgres.urlOf(SUPERUSER_DATABASE), postgres.superuser(), postgres.password());
        }
    }
}
