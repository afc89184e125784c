package dev.signet.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant.Token;
import dev.signet.TestDatabase;
import dev.signet.stream.Ear.Heard;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes away for a while, and what goes away for good. */
class OutageTests {

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final Room room = Room.open();
    private final Token reader = room.bot("messages-read");

    @Test
    void aStreamOutlivesTheDatabaseAndGoesOnWhenItIsBack() throws SQLException {
        try (Ear ear = room.listen(reader);
                Outage outage = new Outage()) {
            room.post("before");
            ear.await(1);
            outage.begin();
            await().until(() -> outage.wasNoticed());
            assertThat(ear.isOpen()).isTrue();
            outage.end();
            await().ignoreExceptions().until(() -> !room.post("after").text().isEmpty());
            ear.await(2);
            assertThat(ear.heard()).extracting(Heard::content).containsExactly("before", "after");
        }
    }

    @Test
    @SuppressWarnings("try") // closing it is what is tested
    void aNodeThatStopsEndsItsStreamsAtOnce() {
        try (Node node = Node.apart(List.of());
                Ear ear = Ear.at(node, reader.secret(), room);
                Ear elsewhere = room.listen(reader)) {
            long began = System.nanoTime();
            node.close();
            Duration stopped = Duration.ofNanos(System.nanoTime() - began);
            assertThat(Duration.ofNanos(ear.awaitEnd() - began)).isLessThan(AT_ONCE);
            assertThat(stopped).isLessThan(Duration.ofSeconds(10));
            assertThat(elsewhere.isOpen()).isTrue();
        }
    }

    @Test
    void aChannelThatCannotBeReadEndsItsOwnStreamsAlone() {
        Room broken = Room.open();
        String message = broken.post("readable").data("_id");
        try (Ear ear = broken.listen(broken.bot("messages-read"));
                Ear others = room.listen(reader)) {
            Tables.update("update messages set content_parts = '{}' where id = ?", message);
            Tables.update("insert into message_changes values (?, 2, 'edit', ?)", broken.id(), message);
            Tables.update("update channel_heads set number = 2 where channel_id = ?", broken.id());
            ear.awaitEnd();
            room.post("still told");
            assertThat(others.await(1)).extracting(Heard::content).containsExactly("still told");
        }
    }

    /** As when a standby takes over that had not received the last changes, or a backup is restored. */
    @Test
    void aHeadBelowWhatWasSentResetsTheStreamsAndTheyGoOn() {
        String kept = room.post("kept").data("_id");
        try (Ear ear = room.listen(reader);
                Ear second = room.listen(reader)) {
            String lost = room.post("lost").data("_id");
            ear.await(1);
            second.await(1);
            Tables.update(
                    "update channel_heads set number = 1, last_message = ? where channel_id = ?", kept, room.id());
            Tables.update("delete from messages where id = ?", lost);
            ear.await(2);
            second.await(2);
            room.post("after");
            for (Ear each : List.of(ear, second)) {
                assertThat(each.await(3)).extracting(Heard::event).containsExactly("message", "reset", "message");
                assertThat(each.ids()).containsExactly(2L, 1L, 2L);
                assertThat(each.heard().getLast().content()).isEqualTo("after");
            }
        }
    }

    /** The database lets nobody in and sends everybody out. */
    private static final class Outage implements AutoCloseable {

        private final TestDatabase beside = TestDatabase.fresh();
        private final String database =
                Node.database().url().replaceAll("\\?.*", "").replaceAll(".*/", "");

        void begin() throws SQLException {
            execute("alter database " + database + " allow_connections false");
            execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database + "'");
        }

        /** Whether a whole round of requests has failed. */
        boolean wasNoticed() {
            return Api.as(null).get("/actuator/health/readiness").status() == 503;
        }

        void end() throws SQLException {
            execute("alter database " + database + " allow_connections true");
        }

        @Override
        public void close() throws SQLException {
            end();
        }

        private void execute(String sql) throws SQLException {
            try (Connection connection = beside.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
