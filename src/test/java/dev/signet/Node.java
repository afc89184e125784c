package dev.signet;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.util.function.SingletonSupplier;

/** A running service. There are two, on one database and with the same keys, as in an installation of two nodes. */
public final class Node implements AutoCloseable {

    public static final String KEYS = "dGVzdHMgb25seTogdGhpcyBrZXkgb3BlbnMgbm90aGluZyBlbHNl";

    private static final ClientHttpRequestFactory HTTP = new JdkClientHttpRequestFactory();
    private static final ClientHttpRequestFactory CHECKED = Contract.checking(HTTP);
    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private static final Supplier<Node> ONE = SingletonSupplier.of(Node::start);
    private static final Supplier<Node> OTHER = SingletonSupplier.of(Node::start);

    private final ServletWebServerApplicationContext context;

    private Node(ServletWebServerApplicationContext context) {
        this.context = context;
    }

    public static Node one() {
        return ONE.get();
    }

    public static Node other() {
        return OTHER.get();
    }

    /** The database that both share. */
    public static TestDatabase database() {
        return DATABASE;
    }

    /** A statement on that database, beside the service. */
    public static JdbcClient.StatementSpec sql(String sql) {
        return one().bean(JdbcClient.class).sql(sql);
    }

    public String url() {
        return "http://localhost:" + port();
    }

    public int port() {
        return Objects.requireNonNull(context.getWebServer()).getPort();
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A client that sends the bearer token, or none. */
    public RestTestClient client(@Nullable String bearer) {
        RestTestClient.Builder<?> client = RestTestClient.bindToServer(CHECKED).baseUrl(url());
        return bearer == null
                ? client.build()
                : client.defaultHeader("Authorization", "Bearer " + bearer).build();
    }

    /** A client whose responses nobody holds against the API document. */
    RestTestClient plainClient() {
        return RestTestClient.bindToServer(HTTP).baseUrl(url()).build();
    }

    /** A service of one test's own, with settings or beans beside the usual ones. The test closes it. */
    public static Node apart(List<String> settings, Class<?>... beans) {
        return start(settings, beans);
    }

    @Override
    public void close() {
        context.close();
    }

    private static Node start() {
        return start(List.of());
    }

    private static Node start(List<String> settings, Class<?>... beans) {
        SpringApplication application = new SpringApplication(Signet.class);
        application.addPrimarySources(List.of(beans));
        application.setDefaultProperties(Map.of(
                "server.port", "0",
                "spring.datasource.url", DATABASE.url(),
                "spring.datasource.username", DATABASE.username(),
                "spring.datasource.password", DATABASE.password(),
                "signet.keys", KEYS));
        return new Node((ServletWebServerApplicationContext)
                application.run(settings.stream().map(setting -> "--" + setting).toArray(String[]::new)));
    }
}
