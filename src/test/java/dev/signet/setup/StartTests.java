package dev.signet.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody meets who starts the service: rightly, wrongly, twice, or after it was killed. */
class StartTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @AfterEach
    void leaveNothingRunning() throws Exception {
        for (Path cluster : Files.isDirectory(data()) ? clusters() : new Path[0]) {
            Postmaster.of(cluster).filter(Postmaster::runs).ifPresent(left -> kill(left.pid()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\", SIGNET_KEYS is not set",
                "AAAAAAAAAAAAAAAAAAAAAA==, key 1 has 16 bytes",
                "this is not base64, key 1 is not base64",
            })
    void badKeysForAnExternalDatabaseAreRefusedWithASentence(String keys, String sentence) throws Exception {
        // a port that nobody answers on: the keys are looked at first
        Map<String, String> settings =
                Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:1/signet", "SIGNET_KEYS", keys);
        try (SignetProcess service = SignetProcess.start(settings)) {
            assertThat(service.exitWithin(SOON)).isNotZero();
            assertThat(service.output()).contains(sentence, "openssl rand -base64 32");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIGNET_TRUSTED_PROXIES | 10.0.0.0/8,proxy.example | SIGNET_TRUSTED_PROXIES contains an invalid address or network: proxy.example",
                "SIGNET_MAX_LIVING_TOKENS | lots | SIGNET_MAX_LIVING_TOKENS is not a positive whole number: lots",
                "SIGNET_TRUSTED_PROXY | 10.0.0.1 | Signet has no setting SIGNET_TRUSTED_PROXY.",
                "SPRING_DATASOURCE_URL | jdbc:postgresql://127.0.0.1:1/signet | No PostgreSQL answers at 127.0.0.1:1.",
                "SPRING_DATASOURCE_PASSWORD | wrong | rejects the role signet_tests or its password",
            })
    void aBadSettingStopsTheStartWithASentenceAndAnUntouchedDatabase(String name, String value, String sentence)
            throws Exception {
        TestDatabase database = TestDatabase.fresh();
        Map<String, String> settings = new HashMap<>(settingsFor(database));
        settings.put(name, value);

        try (SignetProcess service = SignetProcess.start(settings)) {
            assertThat(service.exitWithin(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(service.output()).contains(sentence).doesNotContain("\tat ");
            // what fits a screen
            assertThat(service.output().lines()).hasSizeLessThan(25);
        }
        assertThat(tables(database)).isZero();
    }

    @Test
    void aFirstStartKeepsItsSecretsToItselfAndASecondCopyIsRefused() throws Exception {
        try (SignetProcess first = start().awaitStart()) {
            for (String secret : new String[] {"signet.key", "postgresql.password", "postgresql.log"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data().resolve(secret))))
                        .as(secret)
                        .isEqualTo("rw-------");
            }
            execute("create table kept (word text)", "insert into kept values ('first')");

            try (SignetProcess second = start()) {
                assertThat(second.exitWithin(Duration.ofSeconds(30))).isNotZero();
                assertThat(second.output())
                        .contains("Another Signet is running on the data folder " + data().toRealPath());
            }

            assertThat(first.runs()).isTrue();
            assertThat(kept()).isEqualTo("first");
        }
        assertThat(data().resolve("postgresql-18/postmaster.pid")).doesNotExist();
    }

    @Test
    void whatWasAcknowledgedOutlivesAKill() throws Exception {
        try (SignetProcess service = start().awaitStart()) {
            execute("create table kept (word text)", "insert into kept values ('before the kill')");
            service.kill();
        }
        Postmaster leftOver = Postmaster.of(clusters()[0]).orElseThrow();
        assertThat(leftOver.runs()).isTrue();

        try (SignetProcess service = start().awaitStart()) {
            assertThat(leftOver.runs()).isFalse();
            assertThat(kept()).isEqualTo("before the kill");
            execute("update kept set word = 'before both were killed'");
            service.kill();
            kill(Postmaster.of(clusters()[0]).orElseThrow().pid());
        }

        try (SignetProcess service = start().awaitStart()) {
            assertThat(service.output()).contains("PostgreSQL runs");
            assertThat(kept()).isEqualTo("before both were killed");
        }
    }

    @Test
    void dataOfAnotherMajorVersionAreNotPassedOver() throws Exception {
        Files.createDirectories(data().resolve("postgresql-17"));

        try (SignetProcess service = start()) {
            assertThat(service.exitWithin(Duration.ofSeconds(30))).isNotZero();
            assertThat(service.output()).contains("postgresql-17 were written by another version of PostgreSQL");
        }
        assertThat(clusters()).hasSize(1);
    }

    private static Map<String, String> settingsFor(TestDatabase database) {
        return Map.of(
                "SPRING_DATASOURCE_URL", database.url(),
                "SPRING_DATASOURCE_USERNAME", database.username(),
                "SPRING_DATASOURCE_PASSWORD", database.password(),
                "SIGNET_KEYS", Node.KEYS);
    }

    private static long tables(TestDatabase database) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_class where relnamespace = 'public'::regnamespace")) {
            row.next();
            return row.getLong(1);
        }
    }

    private SignetProcess start() throws Exception {
        return SignetProcess.start(Map.of("SIGNET_DATA_DIR", data().toString()));
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path[] clusters() throws Exception {
        try (var children = Files.list(data().toRealPath())) {
            return children.filter(child -> child.getFileName().toString().matches("postgresql-\\d+"))
                    .toArray(Path[]::new);
        }
    }

    /** Beside the service, as a terminal command would. */
    private void execute(String... statements) throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.openOrJoin(data());
                Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String kept() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.openOrJoin(data());
                Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select word from kept")) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static Connection connect(EmbeddedDatabase database) throws Exception {
        return DriverManager.getConnection(database.getJdbcUrl(), database.getUsername(), database.getPassword());
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }
}
