package dev.signet.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Forgery;
import dev.signet.Node;
import dev.signet.Statements;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whoever does not hold the right secret learns nothing from its refusal, not even by the work that it takes. */
class RefusedAlikeTests {

    private static final Node WATCHED = Node.apart(List.of(), Statements.class);
    private static final Statements STATEMENTS = WATCHED.bean(Statements.class);

    private final Tenant company = Tenant.create();

    @AfterAll
    static void close() {
        WATCHED.close();
    }

    @Test
    void whatIsNoSecretIsRefusedWithoutAskingTheDatabase() {
        String good = company.token("messages-read").secret();
        char last = good.charAt(good.length() - 1);
        for (String text : List.of(
                good.substring(0, good.length() - 1) + (last == 'x' ? 'y' : 'x'),
                good.substring(0, good.length() - 1),
                good + "0",
                good.replaceFirst("_", "-"),
                "sgt_",
                "sgt_' or 1=1 --",
                "sgt_" + "0".repeat(500))) {
            STATEMENTS.take();
            Answer answer = call(text);
            assertThat(STATEMENTS.take()).as(text).isEmpty();
            assertThat(answer.status()).isEqualTo(401);
        }
        assertThat(call(good).status()).isEqualTo(200);
        assertThat(STATEMENTS.take()).as("the watch itself").isNotEmpty();
    }

    @Test
    void aWrongSecretIsRefusedAlikeWhateverBecameOfTheToken() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("unknown", Forgery.secret("NobodyHasMe1"));
        tokens().forEach((state, token) -> wrong.put(state, Forgery.secret(Forgery.publicId(token.secret()))));

        Set<String> answers = new HashSet<>();
        Set<List<String>> statements = new HashSet<>();
        wrong.forEach((state, text) -> {
            STATEMENTS.take();
            Answer answer = call(text);
            assertThat(answer.code()).as(state).isEqualTo("invalid_token");
            answers.add(answer.comparable());
            statements.add(STATEMENTS.take());
        });
        assertThat(wrong).hasSize(5);
        assertThat(answers).hasSize(1);
        assertThat(statements).hasSize(1);
        assertThat(statements.iterator().next()).hasSize(1);
    }

    private Map<String, Token> tokens() {
        Map<String, Token> tokens = new LinkedHashMap<>();
        for (String state : List.of("active", "expired", "inactive", "revoked")) {
            tokens.put(state, company.token("messages-read"));
        }
        tokens.forEach((state, token) -> {
            switch (state) {
                case "expired" -> Tables.update("update api_tokens set expires_at = now() where id = ?", token.id());
                case "inactive" -> company.edit(token, Map.of("isActive", false));
                case "revoked" -> company.revoke(token);
                default -> {}
            }
        });
        return tokens;
    }

    private static Answer call(String bearer) {
        return Wire.get("/api/v2/users/me").bearer(bearer).to(WATCHED);
    }
}
