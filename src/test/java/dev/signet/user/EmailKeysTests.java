package dev.signet.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;

/** Accounts from before addresses had one spelling are migrated, and none is lost where two turn out to be one. */
class EmailKeysTests {

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void olderAccountsKeepTheAddressAndNewerOnesAreKept() throws SQLException {
        flyway().target("6").load().migrate();
        List<String> emails = List.of(
                "Ada@Example.COM",
                "jo\u0308rg@x.test",
                "j\u00f6rg@x.test",
                "ada@b\u00fccher.example",
                "ada@xn--bcher-kva.example",
                "mailto:x@y.z");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into companies (id, display_name, version, created_at, modified_at) values ('"
                    + "0".repeat(24) + "', 'Company', 0, now(), now())");
            for (int i = 0; i < emails.size(); i++) {
                statement.execute("""
                        insert into users (id, company_id, is_bot, email, names, last_name, second_last_name, display_name,
                                           access_roles, is_active, search, version, created_at, modified_at)
                        values ('%s', '%s', false, '%s', '', '', '', '', '{}', true, '', 0,
                                timestamptz '2026-01-01' + interval '1 day' * %d, now())
                        """.formatted(id(i), "0".repeat(24), emails.get(i), i));
            }
        }
        flyway().javaMigrations(new EmailKeys()).load().migrate();

        assertThat(rows("email"))
                .containsExactly(
                        "Ada@example.com",
                        "j\u00f6rg@x.test",
                        "j\u00f6rg@x.test",
                        "ada@b\u00fccher.example",
                        "ada@xn--bcher-kva.example",
                        "mailto:x@y.z");
        assertThat(rows("email_key"))
                .containsExactly(
                        "ada@example.com",
                        "j\u00f6rg@x.test",
                        " j\u00f6rg@x.test " + id(2),
                        " ada@xn--bcher-kva.example " + id(3),
                        "ada@xn--bcher-kva.example",
                        "mailto:x@y.z");
    }

    private FluentConfiguration flyway() {
        return Flyway.configure().dataSource(database.url(), database.username(), database.password());
    }

    private static String id(int number) {
        return "%024x".formatted(number + 1);
    }

    private List<String> rows(String column) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select " + column + " from users order by created_at")) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
