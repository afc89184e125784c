package dev.signet.token;

import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Statements;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** When a token was last used, from where and by which client: shown within a minute, written off the request's path. */
class LastUseTests {

    private static final String ME = "/api/v2/users/me";

    private final Tenant company = Tenant.create();
    private final Token token = company.token("messages-read");

    @Test
    void aUseIsShownSoonWithItsAddressAndClient() {
        Instant before = Instant.now().minusSeconds(1);
        Api.as(token.secret()).with("User-Agent", "partner/1.0 (x)").get(ME).expect(200);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> !shown().path("lastUsedAt").isNull());
        assertThat(Instant.parse(shown().path("lastUsedAt").asString())).isBetween(before, Instant.now());
        assertThat(shown().path("lastUsedIp").asString()).isIn("127.0.0.1", "::1");
        assertThat(shown().path("lastUsedAgent").asString()).isEqualTo("partner/1.0 (x)");
    }

    @Test
    void aRefusedSecretIsNoUse() {
        company.edit(token, Map.of("isActive", false));
        Api.as(token.secret()).get(ME).expect(401);
        Api.as(token.secret() + "0").get(ME).expect(401);
        Node.one().bean(Uses.class).write();
        assertThat(shown().path("lastUsedAt").isNull()).isTrue();
    }

    @Test
    void aClientsNameIsCutAndOneThatCannotBeKeptIsNone() {
        TokenVerifier verifier = Node.one().bean(TokenVerifier.class);
        verifier.verify(token.secret(), "192.0.2.1", "x".repeat(5_000));
        Node.one().bean(Uses.class).write();
        assertThat(shown().path("lastUsedAgent").asString()).hasSize(200);

        verifier.verify(token.secret(), "192.0.2.1", "a\0b");
        Node.one().bean(Uses.class).write();
        assertThat(shown().path("lastUsedAgent").isNull()).isTrue();
    }

    @Test
    void aClientsNameIsReadAsItWasWritten() {
        Map<String, Charset> names = Map.of(
                "\u00dc-Bot/1.0 \u2764 \ud83d\ude00",
                StandardCharsets.UTF_8,
                "\u00dc-Bot/1.0",
                StandardCharsets.ISO_8859_1);
        names.forEach((name, charset) -> {
            String bytes = new String(name.getBytes(charset), StandardCharsets.ISO_8859_1);
            assertThat(agent(token.secret(), bytes)).isEqualTo(200);
            assertThat(agent("x", bytes)).isEqualTo(401);
            Node.one().bean(Uses.class).write();
            assertThat(shown().path("lastUsedAgent").asString()).isEqualTo(name);
        });
        // cut between characters, never within one
        Node.one().bean(TokenVerifier.class).verify(token.secret(), "192.0.2.1", "\ud83d\ude00".repeat(201));
        Node.one().bean(Uses.class).write();
        assertThat(shown().path("lastUsedAgent").asString()).isEqualTo("\ud83d\ude00".repeat(200));
    }

    private static int agent(String secret, String agent) {
        return Wire.get(ME)
                .bearer(secret)
                .header("User-Agent", agent)
                .to(Node.one())
                .status();
    }

    @Test
    void theLatestUseOfAnyNodeCounts() {
        Node.one().bean(TokenVerifier.class).verify(token.secret(), "192.0.2.1", "first");
        Node.other().bean(TokenVerifier.class).verify(token.secret(), "192.0.2.2", "second");
        Node.other().bean(Uses.class).write();
        Node.one().bean(Uses.class).write();

        assertThat(shown().path("lastUsedIp").asString()).isEqualTo("192.0.2.2");
        assertThat(shown().path("lastUsedAgent").asString()).isEqualTo("second");
    }

    @Test
    void usesOfManyTokensAreOneStatementAndNoneOnTheRequestsPath() {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tokens.add(company.token("messages-read"));
        }
        try (Node node = Node.apart(List.of(), Statements.class)) {
            Statements statements = node.bean(Statements.class);
            node.bean(Uses.class).write();
            statements.take();
            for (int round = 0; round < 3; round++) {
                tokens.forEach(used -> Api.at(node, used.secret()).get(ME).expect(200));
            }
            node.bean(Uses.class).write();

            List<String> seen = statements.take();
            assertThat(seen).filteredOn(sql -> sql.contains("api_token_uses")).hasSizeBetween(1, 2);
            assertThat(seen)
                    .filteredOn(sql -> !sql.contains("api_token_uses") && !sql.contains("announced_keys"))
                    .noneMatch(sql -> sql.strip().matches("(?is)(insert|update).*"));
        }
        assertThat(Tables.texts(
                        "select u.token_id from api_token_uses u join api_tokens t on t.id = u.token_id"
                                + " where t.company_id = ? and u.used_at is not null",
                        company.id()))
                .hasSize(20);
    }

    @Test
    void usesWhoseWritingWasNotConfirmedAreCountedOnce() throws SQLException {
        String rotated = company.api()
                .post(token.path() + "/rotate", Map.of("graceSeconds", 600))
                .expect(200)
                .data("token");
        // the node gives up after a second, and the database goes on
        try (Node node = Node.apart(List.of(
                "spring.datasource.hikari.connection-init-sql=select 1",
                "spring.datasource.hikari.data-source-properties.socketTimeout=1"))) {
            Api.at(node, token.secret()).get(ME).expect(200);
            // the trigger waits for as long as the test holds the lock
            String lock = "hashtextextended('%s', 0)".formatted(token.id());
            Tables.update("""
                    create or replace function wait_for_test() returns trigger language plpgsql as
                    $$ begin perform pg_advisory_xact_lock(%s); return new; end $$;
                    create trigger slow before insert on api_token_uses for each row when (new.token_id = '%s')
                    execute function wait_for_test()""".formatted(lock, token.id()));
            try {
                try (Connection holder = Node.database().connect();
                        Statement statement = holder.createStatement()) {
                    statement.execute("select pg_advisory_lock(%s)".formatted(lock));
                    node.bean(Uses.class).write();
                    assertThat(graceUses()).containsExactly("0");
                }
                await().until(() -> graceUses().equals(List.of("1")));
            } finally {
                Tables.update("drop trigger slow on api_token_uses");
            }
            Api.at(node, token.secret()).get(ME).expect(200);
            node.bean(Uses.class).write();
            assertThat(graceUses()).containsExactly("2");

            Api.at(node, rotated).get(ME).expect(200);
            node.bean(Uses.class).write();
            assertThat(graceUses()).containsExactly("2");
        }
    }

    @Test
    void aStopLosesNoUse() {
        try (Node node = Node.apart(List.of())) {
            Api.at(node, token.secret()).get(ME).expect(200);
        }
        assertThat(shown().path("lastUsedAt").isNull()).isFalse();
    }

    @Test
    void tokensThatNobodyUsesAreFound() {
        Token never = company.token("messages-read");
        Api.as(token.secret()).get(ME).expect(200);
        Node.one().bean(Uses.class).write();
        Tables.update("update api_token_uses set used_at = '2026-01-15T10:00:00Z' where token_id = ?", token.id());

        assertThat(ids("?neverUsed=true")).containsExactly(never.id());
        assertThat(ids("?neverUsed=false")).containsExactly(token.id());
        assertThat(ids("?lastUsedBefore=2026-01-16")).containsExactly(token.id());
        assertThat(ids("?lastUsedBefore=2026-01-15")).isEmpty();
        company.api().get(TOKENS + "?neverUsed=perhaps").expectFields("neverUsed: type");
        company.api().get(TOKENS + "?lastUsedBefore=soon").expectFields("lastUsedBefore: time");
    }

    private List<String> graceUses() {
        return Tables.texts("select grace_uses from api_token_uses where token_id = ?", token.id());
    }

    private JsonNode shown() {
        return company.api().get(token.path()).expect(200).data();
    }

    private List<String> ids(String query) {
        return company.api().get(TOKENS + query).expect(200).data().path("apiTokens").values().stream()
                .map(found -> found.path("_id").asString())
                .toList();
    }
}
