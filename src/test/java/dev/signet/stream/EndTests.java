package dev.signet.stream;

import static dev.signet.Tenant.ROLES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import dev.signet.stream.Ear.Heard;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Jwts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpMethod;

/** Whoever may not read any more is told nothing more, within a second, wherever that was decided. */
class EndTests {

    /** A second is the promise; the rest is for a machine that does other things besides. */
    private static final Duration SOON = Duration.ofMillis(1_500);

    private static final Room ROOM = Room.open();
    private static final Api ADMIN = Api.at(Node.other(), ROOM.company().bearer());

    /** Each returns when the bot may not read any more. */
    enum Reason {
        REVOKED(bot -> ADMIN.post(bot.path() + "/revoke", Map.of()).expect(200)),
        SWITCHED_OFF(bot -> edit(bot, "isActive", false)),
        EXPIRED(bot -> {
            Instant end = Instant.now().plusMillis(700);
            edit(bot, "expiresAt", end.toString());
            awaitTime(end);
        }),
        REPLACED(bot -> ADMIN.post(bot.path() + "/rotate", Map.of()).expect(200)),
        GRACE_ENDED(bot -> {
            ADMIN.post(bot.path() + "/rotate", Map.of("graceSeconds", 1)).expect(200);
            awaitTime(Instant.now().plusSeconds(1));
        }),
        OTHER_ROLES(bot -> edit(bot, "accessRoles", List.of(ROOM.company().role("tokens-verify")))),
        ROLE_NARROWED(bot -> ADMIN.patch(ROLES + "/" + bot.role(), Map.of("permissions", List.of()))
                .expect(200)),
        ROLE_SWITCHED_OFF(bot ->
                ADMIN.patch(ROLES + "/" + bot.role(), Map.of("active", false)).expect(200)),
        ADDRESS_NOT_ALLOWED(bot -> edit(bot, "allowedIps", List.of("203.0.113.9"))),
        TAKEN_OUT_OF_THE_CHANNEL(EndTests::takeOut),
        USER_SWITCHED_OFF(bot -> Tables.update("update users set is_active = false where id = ?", bot.user()));

        private final Consumer<Token> happening;

        Reason(Consumer<Token> happening) {
            this.happening = happening;
        }
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void aStreamEndsSoonAfterItsBotMayNotReadAnyMore(Reason reason) {
        Token bot = ROOM.bot("messages-read");
        Token other = ROOM.bot("messages-read");
        try (Ear ear = ROOM.listen(bot);
                Ear others = ROOM.listen(other)) {
            ROOM.post("for both");
            ear.await(1);
            reason.happening.accept(bot);
            assertEndsSoon(reason, ear);
            ROOM.post("for one");
            assertThat(others.await(2)).extracting(Heard::content).containsExactly("for both", "for one");
            assertThat(ear.heard()).hasSize(1);
        }
    }

    @Test
    void aPersonsStreamEndsSoonAfterTheirSession() {
        Tenant company = Tenant.create();
        Room room = Room.open(company);
        String tab = Tenant.signIn(company.email(), Tenant.PASSWORD);
        try (Ear ear = Ear.at(Node.one(), tab, room);
                Ear others = Ear.at(Node.one(), company.bearer(), room)) {
            Api.at(Node.other(), tab).post("/auth/logout", "").expect(204);
            assertEndsSoon("signed out", ear);
            assertThat(others.isOpen()).isTrue();
        }
    }

    @Test
    void aPersonsStreamEndsSoonAfterTheAccessTokenItCameThrough() {
        Tenant company = Tenant.create();
        Room room = Room.open(company);
        Instant end = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.SECONDS);
        try (Ear ear = Ear.at(Node.one(), sameSession(company.bearer(), end), room);
                Ear others = Ear.at(Node.one(), company.bearer(), room)) {
            awaitTime(end);
            assertThat(ear.isOpen()).isTrue();
            assertEndsSoon("access token ended", ear);
            assertThat(others.isOpen()).isTrue();
        }
    }

    @Test
    void aPersonsStreamEndsSoonAfterTheyAreSwitchedOff() {
        Tenant company = Tenant.create();
        Room room = Room.open(company);
        try (Ear ear = Ear.at(Node.one(), company.bearer(), room)) {
            Tables.update("update users set is_active = false where email = ?", company.email());
            assertEndsSoon("switched off", ear);
        }
    }

    @Test
    void whoMayReadAllChannelsStaysAfterLeaving() {
        Token bot = ROOM.bot("admin-channels-read");
        try (Ear ear = ROOM.listen(bot)) {
            takeOut(bot);
            Token watched = ROOM.bot("messages-read");
            try (Ear leaving = ROOM.listen(watched)) {
                takeOut(watched);
                leaving.awaitEnd();
            }
            ROOM.post("still there");
            assertThat(ear.await(1)).extracting(Heard::content).containsExactly("still there");
        }
    }

    private static void edit(Token bot, String field, Object value) {
        ADMIN.patch(bot.path(), Map.of(field, value)).expect(200);
    }

    private static void takeOut(Token bot) {
        ADMIN.send(HttpMethod.DELETE, ROOM.path() + "/users/" + bot.user(), null)
                .expect(200);
    }

    /** An access token of the same session with another end. */
    private static String sameSession(String bearer, Instant end) {
        Keys keys = Node.one().bean(Keys.class);
        SecretKey key = keys.current(Purpose.ACCESS_TOKEN);
        Claims claims =
                Jwts.parser().verifyWith(key).build().parseSignedClaims(bearer).getPayload();
        return Jwts.builder()
                .header()
                .keyId(keys.currentId())
                .and()
                .claims(claims)
                .expiration(Date.from(end))
                .signWith(key)
                .compact();
    }

    private static void awaitTime(Instant time) {
        while (Instant.now().isBefore(time)) {
            Thread.onSpinWait();
        }
    }

    private static void assertEndsSoon(Object reason, Ear ear) {
        long decided = System.nanoTime();
        assertThat(Duration.ofNanos(ear.awaitEnd() - decided)).as("%s", reason).isLessThan(SOON);
    }
}
