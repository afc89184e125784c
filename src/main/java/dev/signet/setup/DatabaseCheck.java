package dev.signet.setup;

import dev.signet.platform.StartRefusedException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/** Says in one sentence why the external database cannot be used, before anything else of the service starts. */
final class DatabaseCheck {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCheck.class);
    private static final int OLDEST_VERSION = 14;

    /** What may be repeated of a URL: its parameters and what stands before an @ may hold a password. */
    private static final Pattern LOCATION = Pattern.compile(
            "jdbc:postgresql:(//(?<address>[^/?@]*)(?=[/?]|\\z))?/?(?<name>[^/?][^?]*)?(\\?.*)?", Pattern.DOTALL);

    private static final String STATE = """
            select current_setting('server_version_num')::int / 10000 as version,
                   pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only,
                   current_setting('is_superuser')::boolean as superuser,
                   coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create
            """;

    private final String url;
    private final @Nullable String username;
    private final Properties settings;

    DatabaseCheck(Environment environment) {
        this.url = environment.getProperty("spring.datasource.url", "");
        this.username = environment.getProperty("spring.datasource.username");
        this.settings = DriverSettings.of(environment, username, environment.getProperty("spring.datasource.password"));
        this.settings.setProperty("socketTimeout", "20");
    }

    void requireUsable() {
        requireJdbcUrl();
        // a connection outside the pool, which would retry and log each failure with its stack trace
        try (Connection connection = DriverManager.getConnection(url, settings);
                Statement statement = connection.createStatement();
                ResultSet state = statement.executeQuery(STATE)) {
            state.next();
            require(state.getInt("version"), state.getBoolean("read_only"), state.getBoolean("may_create"));
            if (state.getBoolean("superuser")) {
                LOG.warn(
                        "The role {} is a superuser at {}, where a fault of Signet would reach everything: move its data"
                                + " (pg_dump --no-owner) to a database that an ordinary role owns, and sign in as that role.",
                        role(),
                        address());
            }
        } catch (SQLException e) {
            throw unusable(e);
        }
    }

    /** The URL itself is not repeated: in the form that other programs use it holds the password. */
    private void requireJdbcUrl() {
        if (!location().matches() || !isAccepted()) {
            throw new StartRefusedException(
                    "SPRING_DATASOURCE_URL is not a JDBC URL of a PostgreSQL database.",
                    "Write it as jdbc:postgresql://host:5432/database, with name and password in "
                            + "SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD.");
        }
    }

    private boolean isAccepted() {
        try {
            return DriverManager.getDriver(url).acceptsURL(url);
        } catch (SQLException malformed) {
            return false;
        }
    }

    private void require(int version, boolean readOnly, boolean mayCreate) {
        if (version < OLDEST_VERSION) {
            throw new StartRefusedException(
                    "The database at %s is PostgreSQL %d, which is too old.".formatted(address(), version),
                    "Use PostgreSQL " + OLDEST_VERSION + " or newer.");
        }
        if (readOnly) {
            throw new StartRefusedException(
                    "The database at %s is read-only.".formatted(address()),
                    "Point SPRING_DATASOURCE_URL at the primary, not at a standby.");
        }
        if (!mayCreate) {
            throw new StartRefusedException(
                    "The role %s may not create tables in the database at %s.".formatted(role(), address()),
                    "Make it the owner of the database: alter database %s owner to %s.".formatted(name(), role()));
        }
    }

    private StartRefusedException unusable(SQLException e) {
        String state = Objects.requireNonNullElse(e.getSQLState(), "none");
        return switch (state) {
            case "28P01", "28000" ->
                new StartRefusedException(
                        "The database at %s rejects the role %s or its password.".formatted(address(), role()),
                        "Check SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD, and the server's pg_hba.conf.");
            case "3D000" ->
                new StartRefusedException(
                        "There is no database %s at %s.".formatted(name(), address()),
                        "Create it (create database %s owner %s), or correct SPRING_DATASOURCE_URL."
                                .formatted(name(), role()));
            case "42501" ->
                new StartRefusedException(
                        "The role %s lacks a privilege on the database at %s.".formatted(role(), address()),
                        "Make it the owner of the database: alter database %s owner to %s.".formatted(name(), role()));
            case "57P03" ->
                new StartRefusedException(
                        "The database at %s is starting up or shutting down.".formatted(address()),
                        "Start Signet again when the database accepts connections.");
            case "53300" ->
                new StartRefusedException(
                        "The database at %s has no connection left.".formatted(address()),
                        "Raise max_connections, or close connections of other programs.");
            default -> unreachable(e, state);
        };
    }

    private StartRefusedException unreachable(SQLException e, String state) {
        if (NestedExceptionUtils.getMostSpecificCause(e) instanceof UnknownHostException) {
            return new StartRefusedException(
                    "The host of the database is unknown: " + address(),
                    "Correct it in SPRING_DATASOURCE_URL, or check the name service.");
        }
        // 08004 is the answer of a server, to a client that demands TLS for instance
        return state.startsWith("08") && !state.equals("08004")
                ? new StartRefusedException(
                        "No PostgreSQL answers at %s.".formatted(address()),
                        "Start it, or correct SPRING_DATASOURCE_URL; check firewalls and the server's listen_addresses.")
                : new StartRefusedException(
                        "The database at %s cannot be used (SQL state %s): %s"
                                .formatted(address(), state, e.getMessage()),
                        "The log of PostgreSQL says more.");
    }

    private String role() {
        return Objects.requireNonNullElse(username, System.getProperty("user.name", "of this user"));
    }

    private String address() {
        String address = part("address");
        return address.isEmpty() ? "localhost" : address;
    }

    private String name() {
        return part("name");
    }

    private String part(String group) {
        Matcher location = location();
        return location.matches() ? Objects.requireNonNullElse(location.group(group), "") : "";
    }

    private Matcher location() {
        return LOCATION.matcher(url);
    }
}
