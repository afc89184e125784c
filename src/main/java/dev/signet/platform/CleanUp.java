package dev.signet.platform;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Deletes rows that are of no use any more. */
public final class CleanUp {

    /** How many rows one statement deletes: few enough to end well within its time-out, however many there are in all. */
    public static final int PORTION = 1_000;

    private CleanUp() {}

    /** Deletes the rows of the table for which the condition holds. Rows that others have locked are left for the next time. */
    public static void delete(JdbcClient jdbc, String table, String condition) {
        JdbcClient.StatementSpec portion = jdbc.sql("""
                delete from %1$s
                where ctid = any(array(select ctid from %1$s where %2$s limit %3$d for update skip locked))
                """.formatted(table, condition, PORTION));
        int deleted;
        do {
            deleted = portion.update();
        } while (deleted == PORTION);
    }
}
