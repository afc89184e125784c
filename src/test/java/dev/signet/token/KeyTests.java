package dev.signet.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.access.Caller;
import dev.signet.platform.Keys;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Keys are replaced without a token that stops, and none is given up while a token needs it. */
class KeyTests {

    private static final String NEWER = "YSBuZXdlciBrZXkgZm9yIHRlc3RzIG9ubHksIDMyIGJ5dGVz";

    @Test
    void underANewerKeyFirstOldSecretsWorkAndMoveToItOnTheirNextUse() {
        Token token = Tenant.create().token("messages-read");
        try (Node node = Node.apart(List.of("signet.keys=" + NEWER + "," + Node.KEYS))) {
            assertThat(key(token)).isEqualTo(Keys.parse(Node.KEYS).currentId());
            me(node, token);
            assertThat(key(token)).isEqualTo(Keys.parse(NEWER).currentId());
            me(node, token);
        } finally {
            // the other nodes, which have the older key alone, must find all as it was
            Node.sql("delete from api_token_secrets where token_id = ?")
                    .param(token.id())
                    .update();
        }
    }

    @Test
    void onAReadOnlyDatabaseAnOldSecretWorksAndMovesLater() {
        Token token = Tenant.create().token("messages-read");
        try (Node node = Node.apart(List.of("signet.keys=" + NEWER + "," + Node.KEYS))) {
            TransactionTemplate readOnly = new TransactionTemplate(node.bean(PlatformTransactionManager.class));
            readOnly.setReadOnly(true);
            Caller caller = readOnly.execute(
                    status -> node.bean(TokenVerifier.class).verify(token.secret(), "127.0.0.1", null));

            assertThat(caller).isNotNull();
            assertThat(key(token)).isEqualTo(Keys.parse(Node.KEYS).currentId());
            me(node, token);
            assertThat(key(token)).isEqualTo(Keys.parse(NEWER).currentId());
        } finally {
            Node.sql("delete from api_token_secrets where token_id = ?")
                    .param(token.id())
                    .update();
        }
    }

    @Test
    void withoutAKeyThatLivingSecretsNeedTheStartIsRefusedWithTheirCount() {
        Tenant.create().token("messages-read");
        String id = Keys.parse(Node.KEYS).currentId();

        assertThatThrownBy(() -> Node.apart(List.of("signet.keys=" + NEWER)))
                .hasMessageMatching("SIGNET_KEYS lacks keys that stored tokens need: .*" + id + " \\(\\d+\\).*");
    }

    private static void me(Node node, Token token) {
        node.client(token.secret())
                .get()
                .uri("/api/v2/users/me")
                .exchange()
                .expectStatus()
                .isOk();
    }

    private static String key(Token token) {
        return Node.sql("select key_id from api_token_secrets where token_id = ?")
                .param(token.id())
                .query((row, number) -> row.getString("key_id"))
                .single();
    }
}
