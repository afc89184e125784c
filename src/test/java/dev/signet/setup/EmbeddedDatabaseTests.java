package dev.signet.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.platform.StartRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedDatabaseTests {

    @TempDir
    Path folder;

    @Test
    void keepsWhatItAcknowledgesAndLetsNobodyInWithoutThePassword() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.open(folder)) {
            assertThat(query(database, "show fsync")).isEqualTo("on");
            assertThat(query(database, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(database, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(database, "select rolsuper from pg_roles where rolname = current_user"))
                    .isEqualTo("f");
            for (String role : List.of("postgres", "signet")) {
                assertThatThrownBy(() -> DriverManager.getConnection(database.getJdbcUrl(), role, "guess"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password authentication failed");
            }
            assertThat(Files.readAllLines(folder.resolve("postgresql-18/pg_hba.conf")))
                    .filteredOn(line -> !line.startsWith("#"))
                    .noneMatch(line -> line.contains("trust"));
        }
    }

    @Test
    void beginsAgainWhereItsMakingWasKilledHalfway() throws Exception {
        Files.createDirectories(folder.resolve("postgresql-18.new"));
        Files.writeString(folder.resolve("postgresql-18.new/postgresql.conf"), "half of");

        try (EmbeddedDatabase database = EmbeddedDatabase.open(folder)) {
            assertThat(query(database, "select 'there'")).isEqualTo("there");
        }
        assertThat(folder.resolve("postgresql-18.new")).doesNotExist();
    }

    @Test
    void startsWhereAnotherProcessHasTheNumberOfTheDeadOne() throws Exception {
        EmbeddedDatabase.open(folder).close();
        Files.write(
                folder.resolve("postgresql-18/postmaster.pid"),
                List.of(
                        "" + ProcessHandle.current().pid(),
                        folder.resolve("postgresql-18").toString(),
                        "1",
                        "1"));

        try (EmbeddedDatabase database = EmbeddedDatabase.open(folder)) {
            assertThat(query(database, "select 'there'")).isEqualTo("there");
        }
    }

    @Test
    void isNotStartedWithAnotherPasswordThanItsOwn() throws Exception {
        EmbeddedDatabase.open(folder).close();
        Files.delete(folder.resolve("postgresql.password"));

        assertThatThrownBy(() -> EmbeddedDatabase.open(folder))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("postgresql.password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "AAAA"})
    void aKeyFileThatHoldsNoKeyIsRefusedAndKept(String text) throws IOException {
        Path file = folder.resolve("signet.key");
        Files.writeString(file, text);

        try (DataFolder data = DataFolder.open(folder)) {
            assertThatThrownBy(() -> KeysConfiguration.kept(data))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining(data.keyFile().toString());
        }
        assertThat(file).hasContent(text);
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        database.getJdbcUrl(), database.getUsername(), database.getPassword());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
