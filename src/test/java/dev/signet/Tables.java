package dev.signet;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The tables of the shared database, as somebody sees them who got hold of it. */
public final class Tables {

    private Tables() {}

    /** Every row of every table as JSON, bytes in hex, with the table's name and the transaction that wrote it. */
    public static List<String> dump() {
        List<String> rows = new ArrayList<>();
        for (String table : texts("select table_name from information_schema.tables"
                + " where table_schema = 'public' and table_type = 'BASE TABLE' order by 1")) {
            rows.addAll(texts("select '" + table + " ' || t.xmin || ' ' || row_to_json(t) from " + table + " t"));
        }
        return rows;
    }

    /** What requests write: all rows but those of last uses and announced keys, which come by themselves, at any time. */
    public static List<String> written() {
        return dump().stream()
                .filter(row -> !row.startsWith("api_token_use") && !row.startsWith("announced_keys "))
                .toList();
    }

    /** What requests wrote that belongs to the company: those that hold its id, and those that hold the id of one of them. */
    public static List<String> dump(String company) {
        List<String> ids = texts("""
                select id from companies where id = ? union select id from users where company_id = ?
                union select id from api_tokens where company_id = ?
                union select id from channels where company_id = ?""", company, company, company, company);
        return written().stream()
                .filter(row -> ids.stream().anyMatch(row::contains))
                .toList();
    }

    /** Changes rows in a way that the service itself never would. */
    public static int update(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** The first column of all rows. */
    public static List<String> texts(String sql, Object... parameters) {
        List<String> texts = new ArrayList<>();
        try (Connection connection = connect();
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        return texts;
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private static Connection connect() throws SQLException {
        TestDatabase database = Node.database();
        return DriverManager.getConnection(database.url(), database.username(), database.password());
    }
}
