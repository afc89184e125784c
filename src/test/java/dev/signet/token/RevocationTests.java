package dev.signet.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** From the answer of a revocation on, the token is good nowhere, however many requests are under way. */
class RevocationTests {

    private static final int REVOCATIONS = 200;
    private static final int DEACTIVATIONS = 800;

    private final Tenant company = Tenant.create();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void afterTheAnswerOfARevocationNoRequestIsAcceptedOnAnyNode() throws InterruptedException {
        Token first = company.token("messages-read");
        List<String> secrets = new ArrayList<>(List.of(first.secret()));
        List<String> ids = new ArrayList<>(List.of(first.id()));
        while (ids.size() < REVOCATIONS) {
            var made = Tenant.post(company.admin(), "/api/v2/apitokens", Tenant.newToken(first.role()))
                    .path("data");
            ids.add(made.path("_id").asString());
            secrets.add(made.path("token").asString());
        }
        for (int i = 0; i < REVOCATIONS; i++) {
            Node revoking = i % 2 == 0 ? Node.one() : Node.other();
            try (Callers callers = new Callers(secrets.get(i))) {
                callers.bothAccepted();
                assertThat(send(revoking, "POST", "/api/v2/apitokens/" + ids.get(i) + "/revoke", company.bearer(), ""))
                        .isEqualTo(200);
                callers.noneAcceptedFromNowOn();
            }
        }
    }

    @Test
    void afterTheAnswerOfADeactivationNoRequestIsAcceptedOnAnyNode() throws Exception {
        Token token = company.token("messages-read");
        TestDatabase database = Node.database();
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password());
                PreparedStatement activate =
                        connection.prepareStatement("update api_tokens set is_active = true where id = ?")) {
            activate.setString(1, token.id());
            for (int i = 0; i < DEACTIVATIONS; i++) {
                Node deactivating = i % 2 == 0 ? Node.one() : Node.other();
                try (Callers callers = new Callers(token.secret())) {
                    callers.bothAccepted();
                    assertThat(send(
                                    deactivating,
                                    "PATCH",
                                    "/api/v2/apitokens/" + token.id(),
                                    company.bearer(),
                                    "{\"isActive\": false}"))
                            .isEqualTo(200);
                    callers.noneAcceptedFromNowOn();
                }
                assertThat(activate.executeUpdate()).isOne();
            }
        }
    }

    private int send(Node node, String method, String path, String bearer, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        try {
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two bots with one token, each calling a node of its own again and again. */
    private final class Callers implements AutoCloseable {

        private final List<Bot> bots;

        Callers(String secret) {
            bots = List.of(new Bot(Node.one(), secret), new Bot(Node.other(), secret));
        }

        void bothAccepted() throws InterruptedException {
            for (Bot bot : bots) {
                assertThat(bot.accepted.await(10, TimeUnit.SECONDS))
                        .as("accepted")
                        .isTrue();
            }
        }

        void noneAcceptedFromNowOn() throws InterruptedException {
            long answered = System.nanoTime();
            for (Bot bot : bots) {
                assertThat(bot.refused.await(10, TimeUnit.SECONDS))
                        .as("refused")
                        .isTrue();
            }
            close();
            assertThat(bots)
                    .allSatisfy(bot -> assertThat(bot.lastAcceptedBegan.get() - answered)
                            .as("nanoseconds between the answer and the last accepted request's beginning")
                            .isNegative());
        }

        @Override
        public void close() {
            for (Bot bot : bots) {
                bot.stopped = true;
            }
            for (Bot bot : bots) {
                bot.finished.join();
            }
        }
    }

    private final class Bot {

        private final Node node;
        private final String secret;
        private final CountDownLatch accepted = new CountDownLatch(1);
        private final CountDownLatch refused = new CountDownLatch(1);
        private final AtomicLong lastAcceptedBegan = new AtomicLong();
        private final CompletableFuture<Void> finished;
        private volatile boolean stopped;

        Bot(Node node, String secret) {
            this.node = node;
            this.secret = secret;
            this.finished = CompletableFuture.runAsync(
                    this::goOn, command -> Thread.ofVirtual().start(command));
        }

        int call() {
            return send(node, "GET", "/api/v2/users/me", secret, "");
        }

        private void goOn() {
            while (!stopped) {
                long began = System.nanoTime();
                int status = call();
                if (status == 200) {
                    lastAcceptedBegan.set(began);
                    accepted.countDown();
                } else {
                    refused.countDown();
                }
            }
        }
    }
}
