package dev.signet.setup;

import dev.signet.platform.StartRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** How to reach the embedded database, and who stops it: the process that started it. */
final class EmbeddedDatabase implements JdbcConnectionDetails, AutoCloseable {

    /** The service is no superuser of its database, as it would not be of one that somebody else runs. */
    static final String NAME = "signet";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private final DataFolder folder;
    private final String password;
    private final int port;
    private final @Nullable PostgresCluster cluster;

    private EmbeddedDatabase(DataFolder folder, String password, int port, @Nullable PostgresCluster cluster) {
        this.folder = folder;
        this.password = password;
        this.port = port;
        this.cluster = cluster;
    }

    /**
     * Starts the database of this folder, a new one where there is none.
     *
     * @throws StartRefusedException where another process has the folder, or its data cannot be used
     */
    static EmbeddedDatabase open(Path path, String... settings) {
        return open(path, false, settings);
    }

    /** For a command beside the service: uses the database that the service runs, and starts it where none runs. */
    static EmbeddedDatabase openOrJoin(Path path) {
        return open(path, true);
    }

    DataFolder folder() {
        return folder;
    }

    @Override
    public String getUsername() {
        return NAME;
    }

    @Override
    public String getPassword() {
        // of the superuser's, but not to be turned back into it
        return HexFormat.of().formatHex(sha256(password + " " + NAME));
    }

    String superuserPassword() {
        return password;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String getJdbcUrl() {
        return urlOf(NAME);
    }

    String urlOf(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    @Override
    public void close() throws IOException {
        try (folder) {
            if (cluster != null) {
                cluster.stop();
            }
        }
    }

    private static EmbeddedDatabase open(Path path, boolean join, String... settings) {
        try {
            DataFolder folder = DataFolder.open(path);
            try {
                return folder.owned() ? start(folder, settings) : join(folder, join);
            } catch (IOException | RuntimeException e) {
                folder.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The embedded PostgreSQL in " + path.toAbsolutePath() + " cannot be used (" + e + ").",
                    "See that this user may write there, and below XDG_CACHE_HOME or ~/.cache, where its programs are "
                            + "unpacked. Or set SPRING_DATASOURCE_URL to a PostgreSQL of your own.");
        }
    }

    private static EmbeddedDatabase start(DataFolder folder, String... settings) throws IOException {
        PostgresCluster cluster = PostgresCluster.in(folder);
        String password = cluster.prepare();
        int port = cluster.start(settings);
        EmbeddedDatabase database = new EmbeddedDatabase(folder, password, port, cluster);
        try {
            database.createIfMissing();
        } catch (SQLException e) {
            cluster.stop();
            throw new IOException(e);
        }
        LOG.info("PostgreSQL runs on port {} of 127.0.0.1 with its data in {}", port, folder);
        return database;
    }

    private void createIfMissing() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(urlOf("postgres"), PostgresCluster.SUPERUSER, password);
                Statement statement = connection.createStatement()) {
            if (isMissing(statement, "select from pg_roles where rolname = '" + NAME + "'")) {
                statement.execute("create role " + NAME + " login password '" + getPassword() + "'");
            }
            if (isMissing(statement, "select from pg_database where datname = '" + NAME + "'")) {
                statement.execute("create database " + NAME + " owner " + NAME);
            }
        }
    }

    private static boolean isMissing(Statement statement, String query) throws SQLException {
        try (ResultSet found = statement.executeQuery(query)) {
            return !found.next();
        }
    }

    private static EmbeddedDatabase join(DataFolder folder, boolean allowed) throws IOException {
        if (!allowed) {
            throw new StartRefusedException(
                    "Another Signet is running on the data folder " + folder + ".",
                    "Stop that one first, or give this one a folder of its own with SIGNET_DATA_DIR.");
        }
        Postmaster postmaster = folder.runningPostmaster()
                .orElseThrow(() -> new StartRefusedException(
                        "The Signet that runs on the data folder " + folder + " has not started its database yet.",
                        "Try again when it is up."));
        return new EmbeddedDatabase(
                folder, Files.readString(folder.passwordFile()).strip(), postmaster.port(), null);
    }
}
