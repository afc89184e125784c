package dev.signet.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant.Token;
import dev.signet.stream.Ear.Heard;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many post at once, and who listens is cut again and again. */
class ManyWritersTests {

    private static final int WRITERS = 16;
    private static final int CUTS = 20;

    /** Of the 5,000 that src/bench/Stream.java posts, as many as a build has time for. */
    private static final int MESSAGES = 2_000;

    @Test
    void aStreamThatIsCutAndResumedMissesNoneAndRepeatsNoneOnTheSameNodeAndOnAnother() throws Exception {
        Room room = Room.open();
        Token reader = room.bot("messages-read");
        Api writer = Api.at(Node.one(), room.bot("messages-write").secret());
        Restless here = new Restless(Node.one(), reader, room);
        Restless there = new Restless(Node.other(), reader, room);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> listening = List.of(threads.submit(here::listen), threads.submit(there::listen));
            List<? extends Future<?>> writing = IntStream.range(0, WRITERS)
                    .mapToObj(first -> threads.submit(() -> {
                        for (int i = first; i < MESSAGES; i += WRITERS) {
                            room.post(writer, "message " + i);
                        }
                    }))
                    .toList();
            for (Future<?> done : writing) {
                done.get();
            }
            for (Future<?> done : listening) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }

        List<Long> all = LongStream.rangeClosed(1, MESSAGES).boxed().toList();
        for (Restless listener : List.of(here, there)) {
            assertThat(listener.heard).extracting(Heard::id).isEqualTo(all);
            assertThat(listener.heard).extracting(Heard::content).doesNotHaveDuplicates();
            assertThat(listener.cuts).isEqualTo(CUTS);
        }
    }

    /** Listens until all is heard, and is cut all along. */
    private static final class Restless {

        private final Node node;
        private final Token reader;
        private final Room room;
        private final List<Heard> heard = new ArrayList<>();
        private int cuts;

        Restless(Node node, Token reader, Room room) {
            this.node = node;
            this.reader = reader;
            this.room = room;
        }

        void listen() {
            Random random = new Random(node.port());
            long last = 0;
            while (last < MESSAGES) {
                try (Ear ear = Ear.at(node, reader.secret(), room, last)) {
                    int some = MESSAGES / CUTS / 2 + random.nextInt(MESSAGES / CUTS / 4);
                    ear.await(cuts < CUTS ? some : (int) (MESSAGES - last));
                    ear.cut();
                    heard.addAll(ear.heard());
                    last = ear.last(last);
                }
                if (last < MESSAGES) {
                    cuts++;
                }
            }
        }
    }
}
