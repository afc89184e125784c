package dev.signet;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Holds a row, so that whoever wants to change it waits. Lets tests decide who comes first. */
public final class RowLock implements AutoCloseable {

    private static final String WAITING =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

    private final Connection connection;

    private RowLock(Connection connection) {
        this.connection = connection;
    }

    public static RowLock on(String table, String id) throws SQLException {
        Connection connection = Node.database().connect();
        connection.setAutoCommit(false);
        try (PreparedStatement lock =
                connection.prepareStatement("select from " + table + " where id = ? for update")) {
            lock.setString(1, id);
            lock.execute();
        }
        return new RowLock(connection);
    }

    /** Returns when that many wait. */
    public void awaitWaiting(int expected) {
        await().until(() -> Node.sql(WAITING).query(Integer.class).single() == expected);
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}
