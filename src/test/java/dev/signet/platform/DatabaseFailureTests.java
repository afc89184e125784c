package dev.signet.platform;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Output;
import dev.signet.Tenant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A temporary failure of the database is a 503 with one line in the log, and callers that wait for it do not keep others waiting. */
class DatabaseFailureTests {

    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static final Misbehaving SERVICE = new Misbehaving();

    /** Of both pools. */
    private static final int MOST_SESSIONS = 2 * 10;

    @AfterEach
    void recover() {
        SERVICE.recover();
    }

    @AfterAll
    static void stop() {
        SERVICE.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006",
                "25006",
                "25P03",
                "40001",
                "40P01",
                "53100",
                "53200",
                "53300",
                "55P03",
                "57014",
                "57P01",
                "57P03",
                "58030",
                Misbehaving.SLEEP,
                Misbehaving.TERMINATE
            })
    void whatMaySucceedLaterIsUnavailable(String how) {
        // the one is written by Hibernate, the other by a statement of ours
        for (String table : List.of("access_roles", "audit_logs")) {
            SERVICE.fail(table, how);
            try (Output output = Output.at(Level.INFO, "dev.signet")) {
                assertUnavailable(SERVICE.createRole());

                assertThat(output.lines())
                        .filteredOn(line -> line.contains("POST " + ROLES + " could not be served"))
                        .hasSize(1);
                assertThat(output.lines()).noneMatch(line -> line.contains("\tat ") || line.contains(" ERROR "));
            }
            SERVICE.recover();
            assertThat(SERVICE.createRole().status()).isEqualTo(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"22012", "54000", "P0001", "XX000"})
    void anyOtherFailureIsAnInternalErrorWithItsStackTrace(String state) {
        SERVICE.fail("audit_logs", state);
        try (Output output = Output.at(Level.INFO, "dev.signet")) {
            SERVICE.createRole().expect(500, "internal_error");

            assertThat(output.lines()).anyMatch(line -> line.contains("\tat "));
        }
    }

    @Test
    void aDeadlockIsUnavailable() throws SQLException {
        SERVICE.fail("access_roles", Misbehaving.DEADLOCK);
        try (Connection other = SERVICE.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(1)");
            CompletableFuture<Answer> waiting = supplyAsync(SERVICE::createRole, THREADS);
            await().until(() -> waitingForLocks() == 1);
            // the service began to wait first, so its session is the one that notices and gives in
            CompletableFuture<Boolean> closing = supplyAsync(
                    () -> {
                        try {
                            return statement.execute("select pg_advisory_xact_lock(2)");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    THREADS);
            assertUnavailable(waiting.join());
            assertThat(closing.join()).isTrue();
        }
    }

    @Test
    void aTableThatIsLockedNeverMakesMoreSessionsThanThePoolsHave() throws Exception {
        String token = SERVICE.api()
                .post(TOKENS, Tenant.newToken(SERVICE.createRole().data("_id")))
                .expect(201)
                .data("token");
        List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
        List<Integer> sessions = new ArrayList<>();
        try (Connection other = SERVICE.connect();
                Statement statement = other.createStatement();
                Connection watching = SERVICE.connect()) {
            other.setAutoCommit(false);
            statement.execute("lock table api_tokens");
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                readers.add(CompletableFuture.runAsync(
                        () -> Misbehaving.during(
                                        Duration.ofSeconds(8),
                                        () -> Api.at(SERVICE.node(), token).get("/api/v2/users/me"))
                                .forEach(answers::add),
                        THREADS));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                // but for the one that holds the lock
                sessions.add(Misbehaving.sessions(watching) - 1);
                return readers.stream().allMatch(CompletableFuture::isDone);
            });
        }
        assertThat(sessions).isNotEmpty().allMatch(count -> count <= MOST_SESSIONS);
        assertThat(answers).isNotEmpty().allSatisfy(DatabaseFailureTests::assertUnavailable);
        Api.at(SERVICE.node(), token).get("/api/v2/users/me").expect(200);
    }

    @Test
    void aStatementEndsAtTheServerBeforeAnybodyStopsWaitingForIt() {
        // else its session would stay there, beside the new one that takes its place in the pool
        long statement = Node.sql("select extract(epoch from current_setting('statement_timeout')::interval)::bigint")
                .query(Long.class)
                .single();
        String socket = Node.one()
                .bean(Environment.class)
                .getRequiredProperty("spring.datasource.hikari.data-source-properties.socketTimeout");
        assertThat(statement).isPositive().isLessThan(Long.parseLong(socket));
    }

    @Test
    void aStatementEndsWhenItsClientIsGone() throws SQLException {
        try (Connection connection = SERVICE.node().bean(DataSource.class).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = 0");
            CompletableFuture<Boolean> sleeping = supplyAsync(
                    () -> {
                        try {
                            return statement.execute("select pg_sleep(60)");
                        } catch (SQLException cut) {
                            return false;
                        }
                    },
                    THREADS);
            await().until(() -> sleepers() == 1);
            // the driver's own, which cuts the connection without a word to the server
            connection.unwrap(Connection.class).abort(THREADS);
            await().atMost(Duration.ofSeconds(10)).until(() -> sleepers() == 0);
            assertThat(sleeping.join()).isFalse();
        }
    }

    @Test
    void readsAreServedWhileMoreWritersWaitThanThereAreConnections() throws Exception {
        String role = SERVICE.createRole().data("_id");
        try (Connection other = SERVICE.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from companies for update");
            List<CompletableFuture<List<Answer>>> writers = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                writers.add(supplyAsync(
                        () -> Misbehaving.during(
                                Duration.ofSeconds(3), () -> SERVICE.api().post(TOKENS, Tenant.newToken(role))),
                        THREADS));
            }
            await().until(() -> waitingForLocks() >= 8);
            assertThat(Misbehaving.during(
                            Duration.ofSeconds(2), () -> SERVICE.api().get(ROLES)))
                    .isNotEmpty()
                    .allSatisfy(answer -> answer.expect(200));
            for (CompletableFuture<List<Answer>> writer : writers) {
                assertThat(writer.join()).isNotEmpty().allSatisfy(DatabaseFailureTests::assertUnavailable);
            }
        }
        SERVICE.api().post(TOKENS, Tenant.newToken(role)).expect(201);
    }

    @Test
    void aNodeThatHangsInATransactionLosesItsLocksBeforeOthersGiveUp() {
        String role = SERVICE.createRole().data("_id");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Boolean> hanging = supplyAsync(
                () -> SERVICE.node().bean(TransactionTemplate.class).execute(status -> {
                    SERVICE.node()
                            .bean(JdbcClient.class)
                            .sql("select from companies for update")
                            .query()
                            .listOfRows();
                    held.countDown();
                    return opens(goOn);
                }),
                THREADS);
        assertThat(opens(held)).isTrue();
        SERVICE.api().post(TOKENS, Tenant.newToken(role)).expect(201);
        goOn.countDown();
        assertThat(hanging.handle((done, failure) -> failure)
                        .thenApply(failure -> failure != null && Failures.isDatabaseAway(failure))
                        .join())
                .isTrue();
    }

    @Test
    void afterAFailoverNoConnectionStaysWithTheServerThatOnlyReads() throws SQLException {
        String database = database();
        try {
            SERVICE.execute("alter database " + database + " set default_transaction_read_only = on");
            // now all connections are to a server that only reads
            SERVICE.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where datname = current_database() and pid <> pg_backend_pid()");
            await().until(() -> SERVICE.api().get(ROLES).status() == 200);
            assertUnavailable(SERVICE.createRole());
            SERVICE.api().get(ROLES).expect(200);
        } finally {
            try (Connection connection = SERVICE.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("set default_transaction_read_only = off");
                statement.execute("alter database " + database + " reset default_transaction_read_only");
            }
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> SERVICE.createRole().status() == 201);
        for (int i = 0; i < 20; i++) {
            SERVICE.createRole().expect(201);
        }
    }

    private static void assertUnavailable(Answer answer) {
        answer.expect(503, "unavailable");
        assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
    }

    private static int waitingForLocks() {
        return SERVICE.count("select count(*) from pg_stat_activity"
                + " where datname = current_database() and wait_event_type = 'Lock'");
    }

    private static int sleepers() {
        return SERVICE.count("select count(*) from pg_stat_activity"
                + " where datname = current_database() and wait_event = 'PgSleep'");
    }

    private static String database() throws SQLException {
        try (Connection connection = SERVICE.connect();
                ResultSet row = connection.createStatement().executeQuery("select current_database()")) {
            row.next();
            return row.getString(1);
        }
    }

    private static boolean opens(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
