package dev.signet.user;

import dev.signet.platform.EmailAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Migrates the e-mail addresses that are not ASCII, which SQL cannot: it has no IDNA. Where the addresses of accounts turn
 * out to be one, one account keeps it: the one that has it in ASCII already, else the oldest. The others keep their text, but
 * no one can sign in by it until an administrator gives them another address (docs/decisions/0015). Their keys begin with a
 * space, which cleaned input never does.
 */
@Component
class EmailKeys implements JavaMigration {

    private static final String OTHERS = "select id, email from users where email_key is null order by created_at, id";

    private static final String UPDATE = """
            update users u set email = case when k.taken then u.email else ? end,
                               email_key = case when k.taken then ' ' || k.key || ' ' || u.id else k.key end
            from (select key, exists(select from users where email_key = key) as taken from cast(? as text) as key) k
            where u.id = ?
            """;

    private static final String INDEXES = """
            alter table users alter column email_key set not null;
            drop index users_by_email;
            create unique index users_email_key on users (email_key);
            create index users_by_email on users (company_id, email_key, id);
            """;

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("9.1");
    }

    @Override
    public String getDescription() {
        return "users email key";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        Connection connection = context.getConnection();
        try (Statement statement = connection.createStatement()) {
            // two spellings of one address become one text
            statement.execute("drop index users_email");
            statement.execute("create index users_email_key on users (email_key)");
            update(connection, statement.executeQuery(OTHERS));
            statement.execute("drop index users_email_key");
            statement.execute(INDEXES);
        }
    }

    private static void update(Connection connection, ResultSet users) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            while (users.next()) {
                String email = users.getString("email");
                update.setString(1, Objects.requireNonNullElse(EmailAddress.canonical(email), email));
                update.setString(2, EmailAddress.key(email));
                update.setString(3, users.getString("id"));
                update.executeUpdate();
            }
        }
    }
}
