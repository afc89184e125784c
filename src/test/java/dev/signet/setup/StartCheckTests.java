package dev.signet.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.signet.Node;
import dev.signet.Output;
import dev.signet.TestDatabase;
import dev.signet.platform.StartRefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** What is checked before anything of the service starts, each fault answered with one sentence. */
class StartCheckTests {

    /** These two have no place in a compose file: it gives the key as a file and needs no data folder. */
    private static final Set<String> NOT_FOR_COMPOSE = Set.of("SIGNET_KEYS", "SIGNET_DATA_DIR");

    private final TestDatabase database = TestDatabase.fresh();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spring.datasource.url | postgres://signet:hidden@db/signet | SPRING_DATASOURCE_URL is not a JDBC URL of a PostgreSQL database.",
                "spring.datasource.url | jdbc:mysql://db/signet | SPRING_DATASOURCE_URL is not a JDBC URL of a PostgreSQL database.",
                "spring.datasource.url | jdbc:postgresql://127.0.0.1:1/signet?password=hidden | No PostgreSQL answers at 127.0.0.1:1.",
                "spring.datasource.url | jdbc:postgresql://127.0.0.1:1/signet?user=x&password=p^hidden | No PostgreSQL answers at 127.0.0.1:1.",
                "spring.datasource.url | jdbc:postgresql://signet:hidden@127.0.0.1:1/signet | SPRING_DATASOURCE_URL is not a JDBC URL of a PostgreSQL database.",
                "spring.datasource.url | jdbc:postgresql://no-such-host.invalid/signet | The host of the database is unknown: no-such-host.invalid",
                "spring.datasource.username | nobody | rejects the role nobody or its password.",
                "spring.datasource.password | wrong | rejects the role signet_tests or its password.",
            })
    void aDatabaseThatCannotBeReachedIsNamedWithoutItsPassword(String name, String value, String sentence) {
        assertThatThrownBy(() -> check(Map.of(name, value)))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("hidden");
    }

    @Test
    void theDriversPropertiesHoldForTheCheckToo() {
        String tls = "spring.datasource.hikari.data-source-properties.sslmode";

        assertThatThrownBy(() -> check(Map.of(tls, "require")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("does not support SSL");
    }

    @Test
    void aRoleThatIsASuperuserIsWarnedOf() {
        TestDatabase superuser = database.asSuperuser();
        try (Output output = Output.at(Level.WARN, "dev.signet")) {
            check(Map.of());
            assertThat(output.text()).doesNotContain("superuser");

            check(Map.of(
                    "spring.datasource.username", superuser.username(),
                    "spring.datasource.password", superuser.password()));
            assertThat(output.lines())
                    .filteredOn(line -> line.contains("The role " + superuser.username() + " is a superuser at "))
                    .hasSize(1);
        }
    }

    @Test
    void aMissingDatabaseIsNamed() {
        String url = database.url().replaceFirst("/test_\\d+", "/missing");

        assertThatThrownBy(() -> check(Map.of("spring.datasource.url", url)))
                .hasMessageStartingWith("There is no database missing at ");
    }

    @Test
    void aRoleThatMayNotCreateTablesIsNamed() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("revoke create on schema public from pg_database_owner, public");
        }

        assertThatThrownBy(() -> check(Map.of()))
                .hasMessageStartingWith("The role signet_tests may not create tables in the database at ");
    }

    @Test
    void aReadOnlyDatabaseIsRejected() {
        String url = database.url() + (database.url().contains("?") ? "&" : "?")
                + "options=-c%20default_transaction_read_only=on";

        assertThatThrownBy(() -> check(Map.of("spring.datasource.url", url))).hasMessageEndingWith(" is read-only.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGNET_TRUSTED_PROXY", "SIGNET_KEY", "signet.key", "signet.public_urls"})
    void aSettingThatDoesNotExistIsRejectedWithAListOfThoseThatDo(String name) {
        assertThatThrownBy(() -> check(Map.of(name, "anything")))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refused -> assertThat(refused.action()).contains("SIGNET_TRUSTED_PROXIES", "SIGNET_KEYS"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SIGNET_SERVICE_HOST",
                "SIGNET_SERVICE_PORT_HTTP",
                "SIGNET_PORT",
                "SIGNET_PORT_8080_TCP",
                "SIGNET_PORT_8080_TCP_ADDR",
                "SIGNET_DATABASE_SERVICE_HOST",
                "SIGNET_DATABASE_PORT_5432_TCP_PROTO"
            })
    void variablesThatKubernetesSetsForAServiceCalledSignetAreNotSettings(String name) {
        check(Map.of(name, "tcp://10.1.2.3:8080"));
    }

    @Test
    void everySettingIsInTheReadmeAndPassedThroughByCompose() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String compose = Files.readString(Path.of("docker-compose.yml"));

        assertThat(SettingNames.ALL).allSatisfy(name -> {
            assertThat(readme).contains("`" + name + "`");
            if (!NOT_FOR_COMPOSE.contains(name)) {
                assertThat(compose).contains("\n      " + name + ":\n");
            }
        });
    }

    private void check(Map<String, String> changed) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "spring.datasource.url", database.url(),
                "spring.datasource.username", database.username(),
                "spring.datasource.password", database.password(),
                "signet.keys", Node.KEYS));
        settings.putAll(changed);
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", settings));
            new StartCheck().initialize(context);
        }
    }
}
