package dev.signet.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Forgery;
import dev.signet.Node;
import dev.signet.Output;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.TestDatabase;
import dev.signet.Wire;
import dev.signet.access.Caller;
import dev.signet.platform.Keys;
import dev.signet.setup.Companies;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Keys are replaced without a token that stops, and none is given up while a token needs it. */
class KeyTests {

    private static final String ME = "/api/v2/users/me";
    private static final String EMAIL = "ada@example.com";
    private static final String NEWER = "YSBuZXdlciBrZXkgZm9yIHRlc3RzIG9ubHksIDMyIGJ5dGVz";

    /** The id of a key that no node has. */
    private static final String RETIRED = "0badc0de";

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

    @Test
    void aNodeThatLacksAKeyOfTheInstallationIsUnavailableAndSaysWhichOne() {
        TestDatabase database = TestDatabase.fresh();
        String newer = Keys.parse(NEWER).currentId();
        try (Node behind = apart(database, Node.KEYS);
                Output output = Output.at(Level.INFO, "dev.signet");
                Node ahead = apart(database, NEWER + "," + Node.KEYS)) {
            Companies.create(behind, "A company", EMAIL, Tenant.PASSWORD);
            Answer signedIn = signIn(ahead);
            String access = signedIn.body().path("token").asString();
            String secret = tokenOf(behind, signIn(behind).body().path("token").asString());

            // an access token, a refresh secret and an API token that moved to the newer key when it was used
            Api.at(ahead, secret).get(ME).expect(200);
            assertUnavailable(Api.at(behind, access).get(ME));
            assertUnavailable(Api.at(behind, secret).get(ME));
            Answer refresh = refresh(behind, signedIn);
            assertUnavailable(refresh);
            assertThat(refresh.header("Set-Cookie")).isEmpty();

            assertThat(output.lines())
                    .filteredOn(line -> line.contains("key " + newer + " is not in this node's SIGNET_KEYS"))
                    .hasSize(3);
            Api.at(ahead, access).get(ME).expect(200);
            Api.at(ahead, secret).get(ME).expect(200);
            refresh(ahead, signedIn).expect(200);

            // no node has it any more: sessions end, tokens wait for the key to come back
            execute(database, "update announced_keys set announced_at = now() - interval '16 minutes'");
            Api.at(behind, access).get(ME).expect(401, "invalid_token");
            refresh(behind, signedIn).expect(401, "session_ended");
            assertUnavailable(Api.at(behind, secret).get(ME));
        }
    }

    @Test
    void aDeadSecretWhoseKeyIsMissingIsRefusedLikeAnUnknownOne() {
        Tenant company = Tenant.create();
        List<String> deaths = List.of(
                "update api_tokens set revoked_at = now() where id = ?",
                "update api_tokens set expires_at = now() where id = ?",
                "update api_tokens set is_active = false where id = ?",
                "update api_token_secrets set ends_at = now() where token_id = ?");
        Set<String> refusals = new HashSet<>();
        refusals.add(refusal(Forgery.secret("NobodyHasMe1")));
        Tables.update("insert into announced_keys values (?, now())", RETIRED);
        try (Output output = Output.at(Level.INFO, "dev.signet")) {
            for (String death : deaths) {
                Token token = company.token("messages-read");
                Tables.update("update api_token_secrets set key_id = ? where token_id = ?", RETIRED, token.id());
                assertUnavailable(Api.as(token.secret()).get(ME));

                Tables.update(death, token.id());
                refusals.add(refusal(token.secret()));
                refusals.add(refusal(Forgery.secret(Forgery.publicId(token.secret()))));
            }
            assertThat(refusals).hasSize(1);
            // for the living ones alone
            assertThat(output.lines())
                    .filteredOn(line -> line.contains("key " + RETIRED + " is not in this node's SIGNET_KEYS"))
                    .hasSize(deaths.size());
        } finally {
            Tables.update("delete from api_token_secrets where key_id = ?", RETIRED);
            Tables.update("delete from announced_keys where id = ?", RETIRED);
        }
    }

    @Test
    void keysAreAnnouncedBeforeThePortIsOpen() {
        String newer = Keys.parse(NEWER).currentId();
        Tables.update("delete from announced_keys where id = ?", newer);
        try (Node node = Node.apart(List.of("signet.keys=" + NEWER + "," + Node.KEYS), AtOpening.class)) {
            assertThat(node.bean(AtOpening.class).announced).contains(newer);
        }
    }

    @Test
    void theStartSaysHowManySecretsNeedEachKey() {
        TestDatabase database = TestDatabase.fresh();
        String older = Keys.parse(Node.KEYS).currentId();
        String newer = Keys.parse(NEWER).currentId();
        try (Node node = apart(database, Node.KEYS)) {
            Companies.create(node, "A company", EMAIL, Tenant.PASSWORD);
            tokenOf(node, signIn(node).body().path("token").asString());
        }
        try (Output output = Output.at(Level.INFO, "dev.signet");
                Node node = apart(database, NEWER + "," + Node.KEYS)) {
            assertThat(node.port()).isPositive();
            assertThat(output.text()).contains(older + "=1", newer + "=0", "New ones are made with " + newer);
        }
    }

    private static String refusal(String secret) {
        Wire.Answer answer = Wire.get(ME).bearer(secret).to(Node.one());
        assertThat(answer.code()).isEqualTo("invalid_token");
        return answer.comparable();
    }

    private static Node apart(TestDatabase database, String keys) {
        return Node.apart(List.of("spring.datasource.url=" + database.url(), "signet.keys=" + keys));
    }

    private static Answer signIn(Node node) {
        return Api.at(node, null)
                .post("/auth/local", Map.of("email", EMAIL, "password", Tenant.PASSWORD))
                .expect(200);
    }

    private static Answer refresh(Node node, Answer signedIn) {
        String cookie = signedIn.header("Set-Cookie").replaceFirst(";.*", "");
        return Api.at(node, null).with("Cookie", cookie).post("/auth/refresh", null);
    }

    /** The secret of a new API token. */
    private static String tokenOf(Node node, String administrator) {
        Api api = Api.at(node, administrator);
        String role = api.post(Tenant.ROLES, Map.of("name", "A role", "permissions", List.of("messages-read")))
                .expect(201)
                .data("_id");
        return api.post(Tenant.TOKENS, Tenant.newToken(role)).expect(201).data("token");
    }

    private static void assertUnavailable(Answer answer) {
        answer.expect(503, "unavailable");
        assertThat(answer.header("Retry-After")).isNotEmpty();
    }

    private static void execute(TestDatabase database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
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

    /** Sees which keys are announced when the port opens. */
    static final class AtOpening {

        private volatile List<String> announced = List.of();

        @EventListener(WebServerInitializedEvent.class)
        void listening() {
            announced = Tables.texts("select id from announced_keys");
        }
    }
}
