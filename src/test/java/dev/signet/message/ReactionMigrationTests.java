package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** Reactions that differed in their variation selectors alone become one. */
class ReactionMigrationTests {

    private static final String BEFORE = "6";

    private final TestDatabase database = TestDatabase.fresh();

    @Test
    void theFirstOfAUsersReactionsStays() throws SQLException {
        migrate(BEFORE);
        try (Connection connection = database.connect();
                Statement sql = connection.createStatement()) {
            sql.execute("""
                    alter table message_reactions drop constraint message_reactions_message_id_fkey,
                                                  drop constraint message_reactions_user_id_fkey""");
            sql.execute("""
                    insert into message_reactions (message_id, emoji, user_id, at)
                    select rpad(message, 24, '0'), emoji, rpad(person, 24, '0'), timestamptz '2026-01-01' + at * interval '1 s'
                    from (values ('a', E'\\u2764', 'b', 1), ('a', E'\\u2764\\uFE0F', 'b', 2), ('a', E'\\u2764\\uFE0E', 'b', 2),
                                 ('a', E'\\u2764\\uFE0F', 'c', 3), ('a', 'x', 'b', 4), ('d', E'\\u2764\\uFE0F', 'b', 5))
                         as r (message, emoji, person, at)""");
            migrate("latest");
            List<String> left = new ArrayList<>();
            try (ResultSet rows = sql.executeQuery("""
                    select rtrim(message_id, '0') || rtrim(user_id, '0') || emoji || base_emoji
                    from message_reactions order by at""")) {
                while (rows.next()) {
                    left.add(rows.getString(1));
                }
            }
            assertThat(left).containsExactly("ab❤❤", "ac❤\uFE0F❤", "abxx", "db❤\uFE0F❤");
        }
    }

    private void migrate(String target) {
        Flyway.configure()
                .dataSource(database.url(), database.username(), database.password())
                .target(target)
                .load()
                .migrate();
    }
}
