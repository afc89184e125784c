package dev.signet.platform;

import static dev.signet.Tenant.ROLES;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.TestDatabase;
import dev.signet.setup.Companies;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.core.env.Environment;

/**
 * A node on a database of its own that fails in the ways that a test asks for. Its time-outs are the service's own, each ten
 * times shorter.
 */
final class Misbehaving implements AutoCloseable {

    /** What a failing table does; any other word is the SQL state that it raises. */
    static final String SLEEP = "sleep";

    static final String TERMINATE = "terminate";
    static final String DEADLOCK = "deadlock";

    private static final String FAIL = """
            create table failing (relation text, how text);
            create function fail() returns trigger language plpgsql as $fail$
            declare asked text := (select how from failing where relation = tg_relname);
            begin
                case when asked is null then null;
                    when asked = 'sleep' then perform pg_sleep(30);
                    when asked = 'terminate' then perform pg_terminate_backend(pg_backend_pid());
                    when asked = 'deadlock' then perform pg_advisory_xact_lock(2), pg_advisory_xact_lock(1);
                    else raise exception 'as the test asked' using errcode = asked;
                end case;
                return new;
            end $fail$;
            create trigger fails before insert on access_roles for each row execute function fail();
            create trigger fails before insert on audit_logs for each row execute function fail()""";

    private static final String EMAIL = "ada@example.com";

    private final TestDatabase database = TestDatabase.fresh();
    private final Node node;
    private final String company;
    private final String bearer;

    Misbehaving() {
        String session = Node.one()
                .bean(Environment.class)
                .getRequiredProperty("spring.datasource.hikari.connection-init-sql")
                .replaceAll("'(\\d+)s'", "'$100ms'");
        node = Node.apart(List.of(
                "spring.datasource.url=" + database.url(),
                "spring.datasource.hikari.connection-init-sql=" + session,
                "spring.datasource.hikari.data-source-properties.socketTimeout=2"));
        company = Companies.create(node, "A company", EMAIL, Tenant.PASSWORD);
        bearer = Api.at(node, null)
                .post("/auth/local", Map.of("email", EMAIL, "password", Tenant.PASSWORD))
                .expect(200)
                .body()
                .path("token")
                .asString();
        execute(FAIL);
    }

    Node node() {
        return node;
    }

    String company() {
        return company;
    }

    /** Calls as the administrator. */
    Api api() {
        return Api.at(node, bearer);
    }

    Answer createRole() {
        return api().post(ROLES, Map.of("name", "A role", "permissions", List.of("messages-read")));
    }

    void fail(String table, String how) {
        execute("insert into failing values ('" + table + "', '" + how + "')");
    }

    void recover() {
        execute("delete from failing");
    }

    /** A connection beside the service. */
    Connection connect() throws SQLException {
        return database.connect();
    }

    void execute(String sql) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** The number that the query finds. */
    int count(String sql) {
        try (Connection connection = connect()) {
            return count(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** How many sessions the database has, but for the one that asks. */
    static int sessions(Connection asking) throws SQLException {
        return count(
                asking,
                "select count(*) from pg_stat_activity"
                        + " where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()");
    }

    /** Asks again and again for a while, and gives all answers, the one that comes after that time too. */
    static List<Answer> during(Duration time, Supplier<Answer> ask) {
        long end = System.nanoTime() + time.toNanos();
        List<Answer> answers = new ArrayList<>();
        do {
            answers.add(ask.get());
        } while (System.nanoTime() < end);
        return answers;
    }

    private static int count(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
