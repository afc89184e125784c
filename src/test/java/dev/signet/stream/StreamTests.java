package dev.signet.stream;

import static dev.signet.stream.Room.MESSAGES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.stream.Ear.Heard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** What happens in a channel is told to who listens, in order and without a hole. */
class StreamTests {

    private final Room room = Room.open();
    private final Token reader = room.bot("messages-read");

    @Test
    void eachKindOfChangeIsToldWithTheMessageAsItIsThen() {
        try (Ear ear = room.listen(reader)) {
            String message = MESSAGES + "/" + room.post("first").data("_id");
            ear.await(1);
            JsonNode edited = room.company()
                    .api()
                    .patch(message, Map.of("content", "second"))
                    .data();
            ear.await(2);
            JsonNode reacted =
                    room.company().api().put(message + "/reactions/+1").data();
            ear.await(3);
            JsonNode removed =
                    room.company().api().patch(message + "/remove", Map.of()).data();
            ear.await(4);

            assertThat(ear.heard()).extracting(Heard::event).containsExactly("message", "edit", "reaction", "remove");
            assertThat(ear.ids()).containsExactly(1L, 2L, 3L, 4L);
            assertThat(ear.heard().get(1).data()).isEqualTo(edited);
            assertThat(ear.heard().get(2).data()).isEqualTo(reacted);
            assertThat(ear.heard().get(3).data()).isEqualTo(removed);
            assertThat(ear.heard().get(3).content()).isEmpty();
        }
    }

    @Test
    void aMessageComesWithItsSendersNameAndFaceAndWhetherItIsABot() {
        Token writer = room.bot("messages-write");
        try (Ear ear = room.listen(reader)) {
            JsonNode posted = room.post(Api.as(writer.secret()), "from a bot").data();
            room.post("from a person");

            JsonNode fromBot = ear.await(2).getFirst().data();
            assertThat(fromBot).isEqualTo(posted);
            assertThat(fromBot.at("/sender/displayName").asString()).startsWith("Bot ");
            assertThat(fromBot.at("/sender/avatar/square").asString()).isNotBlank();
            assertThat(fromBot.path("isBot").asBoolean()).isTrue();
            assertThat(ear.heard().getLast().data().path("isBot").asBoolean()).isFalse();
        }
    }

    @Test
    void withoutALastEventIdItBeginsNow() {
        room.post("before");
        try (Ear ear = room.listen(reader)) {
            room.post("after");
            assertThat(ear.await(1)).extracting(Heard::content).containsExactly("after");
        }
    }

    @Test
    void afterACutAtAnyPointTheRestComesOnce() {
        String message = MESSAGES + "/" + room.post("first").data("_id");
        room.company().api().patch(message, Map.of("content", "edited")).expect(200);
        room.company().api().put(message + "/reactions/+1").expect(200);
        room.post("second");
        room.company().api().patch(message + "/remove", Map.of()).expect(200);
        int head = 5;
        for (long cut = 0; cut <= 5; cut++) {
            try (Ear ear = Ear.at(Node.one(), reader.secret(), room, cut)) {
                room.post("live");
                head++;
                ear.await((int) (head - cut));
                assertThat(ear.ids())
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(cut + 1, head).boxed().toList());
            }
        }
    }

    @Test
    void aPastOfMoreThanOnePageComesAsAWhole() {
        List<Long> all = new ArrayList<>();
        Api api = room.company().api();
        String message = MESSAGES + "/" + room.post("first").data("_id");
        all.add(1L);
        while (all.size() <= Telling.PAGE) {
            api.send(all.size() % 2 == 1 ? HttpMethod.PUT : HttpMethod.DELETE, message + "/reactions/+1", null)
                    .expect(200);
            all.add(all.size() + 1L);
        }
        try (Ear ear = Ear.at(Node.one(), reader.secret(), room, 0L)) {
            ear.await(all.size());
            assertThat(ear.ids()).isEqualTo(all);
        }
    }

    @Test
    void aPastOfLargeMessagesComesAsAWhole() {
        for (int i = 0; i < 15; i++) {
            room.post("x".repeat(16 * 1024));
        }
        Tables.update("""
                update messages set content_type = 'text/enriched', content_parts = cast(
                    '[{"type":"task","content":"x","payload":[' || repeat('{},', 20000) || '{}]}]' as json)
                where channel_id = ? and number > 10""", room.id());
        try (Ear ear = Ear.at(Node.one(), reader.secret(), room, 0L)) {
            ear.await(15);
            assertThat(ear.ids())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 15).boxed().toList());
        }
    }

    @Test
    void aChangeThatChangesNothingIsNotToldAndHoldsNothingUp() {
        String message = MESSAGES + "/" + room.post("first").data("_id");
        try (Ear ear = room.listen(reader)) {
            room.company().api().put(message + "/reactions/+1").expect(200);
            room.company().api().put(message + "/reactions/+1").expect(200);
            room.post("last");
            assertThat(ear.await(2)).extracting(Heard::event).containsExactly("reaction", "message");
        }
    }

    @Test
    void eachChannelIsToldToItsOwnListeners() {
        Room other = Room.open(room.company());
        Token reads = other.bot("messages-read");
        try (Ear here = room.listen(reader);
                Ear there = other.listen(reads)) {
            room.post("here");
            other.post("there");
            assertThat(here.await(1)).extracting(Heard::content).containsExactly("here");
            assertThat(there.await(1)).extracting(Heard::content).containsExactly("there");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.5", "+0", "2", "9223372036854775808", "99999999999999999999999"})
    void anUnknownLastEventIdResetsTheStreamAndItGoesOn(String id) {
        room.post("the only one");
        try (Ear ear = Ear.at(Node.one(), reader.secret(), room, id)) {
            Heard reset = ear.await(1).getFirst();
            assertThat(reset.event()).isEqualTo("reset");
            assertThat(reset.id()).isOne();
            assertThat(reset.data()).hasToString("{\"number\":1}");
            room.post("next");
            assertThat(ear.await(2).getLast().content()).isEqualTo("next");
            assertThat(ear.ids()).containsExactly(1L, 2L);
        }
        try (Ear again = Ear.at(Node.one(), reader.secret(), room, 1L)) {
            assertThat(again.await(1)).extracting(Heard::content).containsExactly("next");
        }
    }

    @Test
    void anUnknownLastEventIdOfAnEmptyChannelResetsToZero() {
        try (Ear ear = Ear.at(Node.one(), reader.secret(), room, 7L)) {
            assertThat(ear.await(1)).extracting(Heard::event).containsExactly("reset");
            room.post("first");
            ear.await(2);
            assertThat(ear.ids()).containsExactly(0L, 1L);
        }
    }

    @Test
    void whoMayNotReadIsRefusedBeforeAnythingIsTold() {
        Token outsider = room.company().token("messages-read");
        Token mute = room.bot("tokens-verify");
        Token foreign = Tenant.create().token("*");

        refused(Api.as(null)).expect(401, "unauthenticated");
        refused(Api.as(foreign.secret())).expect(404, "not_found");
        refused(Api.as(outsider.secret())).expect(403, "not_a_member");
        refused(Api.as(mute.secret())).expectMissing("messages-read");
        Api.as(reader.secret())
                .with("Accept", "application/json")
                .get(room.stream())
                .expect(406, "not_acceptable");
    }

    @Test
    void aPrivateChannelIsNotThereForOthers() {
        room.company().api().patch(room.path(), Map.of("isPrivate", true)).expect(200);

        refused(Api.as(room.company().token("messages-read").secret())).expect(404, "not_found");
    }

    @Test
    void whoMayReadAllChannelsNeedsNotBeAMember() {
        try (Ear ear = room.listen(room.company().token("admin-channels-read"))) {
            room.post("heard");
            ear.await(1);
        }
    }

    @Test
    void askingForTheHeadersAloneOpensNoStream() {
        Wire.Answer answer =
                Wire.request("HEAD", room.stream()).bearer(reader.secret()).to(Node.one());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
    }

    @Test
    void theSessionsOfOnePersonShareTheirStreams() {
        Person person = room.company().person(room.company().role("messages-read"));
        room.company().api().put(room.path() + "/users/" + person.id()).expect(200);
        List<String> sessions = new ArrayList<>(List.of(room.company().signIn(person)));
        while (sessions.size() < 5) {
            sessions.add(Tenant.signIn(person.email(), Tenant.PASSWORD));
        }
        List<Ear> ears = new ArrayList<>();
        try {
            while (ears.size() < Streams.MOST_OF_ONE) {
                ears.add(Ear.at(Node.one(), sessions.get(ears.size() % sessions.size()), room));
            }
            for (String session : sessions) {
                refused(Api.as(session)).expect(429, "too_many_streams");
            }
            room.listen(reader).close();
        } finally {
            ears.forEach(Ear::close);
        }
    }

    @Test
    void oneTokenOpensOnlySoManyStreamsAtOnce() {
        List<Ear> ears = new ArrayList<>();
        try {
            while (ears.size() < Streams.MOST_OF_ONE) {
                ears.add(room.listen(reader));
            }
            Answer refused = refused(Api.as(reader.secret())).expect(429, "too_many_streams");
            assertThat(refused.header("Retry-After")).isEqualTo("10");
            room.listen(room.bot("messages-read")).close();

            ears.removeLast().close();
            await().untilAsserted(() -> {
                // whether somebody has gone is seen when something is written to them
                room.post("anybody there?");
                ears.add(room.listen(reader));
            });
        } finally {
            ears.forEach(Ear::close);
        }
    }

    @Test
    void aSilentStreamCarriesACommentEvery15Seconds() {
        try (Ear ear = room.listen(reader)) {
            await().atMost(Duration.ofSeconds(17)).until(() -> ear.comments() == 2);
            assertThat(ear.heard()).isEmpty();
        }
    }

    private Answer refused(Api api) {
        Answer answer = api.with("Accept", "text/event-stream").get(room.stream());
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        return answer;
    }
}
