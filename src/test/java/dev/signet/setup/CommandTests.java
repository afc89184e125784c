package dev.signet.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said at the terminal: the first sign-in once, and the commands beside a running service. */
class CommandTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern EMAIL = Pattern.compile("E-mail +(\\S+)");
    private static final Pattern PASSWORD = Pattern.compile("Password +([a-z0-9]{4}(-[a-z0-9]{4}){4})");
    private static final Pattern PORT = Pattern.compile("http://localhost:(\\d+)");

    private static final String TOO_LONG = "x".repeat(81);

    @TempDir
    private Path folder;

    @Test
    void theFirstSignInIsPrintedOnceAndCommandsWorkBesideTheService() throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SIGNET_DATA_DIR", folder.resolve("data").toString(),
                "SIGNET_COMPANY_NAME", "Ring & Co",
                "LOGGING_FILE_NAME", folder.resolve("signet.log").toString()));
        try (SignetProcess service = SignetProcess.start(settings).awaitStart()) {
            String said = service.output();
            assertThat(said).contains("Ring & Co is ready").contains("admin@signet.local");
            String first = found(PASSWORD, said);
            assertThat(Files.readString(folder.resolve("signet.log"))).doesNotContain(first);
            assertThat(signIn(said, found(EMAIL, said), first)).isEqualTo(200);

            String reset = command(settings, 0, "password-reset", "ADMIN@signet.local");
            assertThat(signIn(said, "admin@signet.local", first)).isEqualTo(401);
            assertThat(signIn(said, "admin@signet.local", found(PASSWORD, reset)))
                    .isEqualTo(200);

            String other =
                    command(settings, 0, "company-create", "--name", "Other & Sons", "--admin-email", "o@example.com");
            assertThat(other).contains("Other & Sons is ready");
            assertThat(signIn(said, "o@example.com", found(PASSWORD, other))).isEqualTo(200);

            assertThat(command(settings, 1, "company-create", "--name", "Third", "--admin-email", "O@example.com"))
                    .contains("O@example.com belongs to an account already");
            assertThat(command(settings, 1, "company-create", "--name", TOO_LONG, "--admin-email", "p@example.com"))
                    .contains("That is no name");
            assertThat(command(settings, 1, "company-create", "--name", "Third", "--admin-email", "nobody"))
                    .contains("nobody is no e-mail address");
            assertThat(command(settings, 1, "password-reset", "nobody@example.com"))
                    .contains("nobody@example.com");
            assertThat(command(settings, 1, "password-reset")).contains("password-reset <e-mail>");
            assertThat(command(settings, 0, "help")).contains("company-create");
            assertThat(command(settings, 1, "make-tea")).contains("company-create");
        }
        try (SignetProcess again = SignetProcess.start(settings).awaitStart()) {
            assertThat(again.output()).contains("An administrator exists").contains("password-reset");
            assertThat(again.output()).doesNotContain("Password ");
        }
    }

    @Test
    void anAdministratorMayBeChosenButNotWithAWeakPasswordOrForANamelessCompany() throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SIGNET_DATA_DIR", folder.resolve("data").toString(),
                "SIGNET_ADMIN_EMAIL", "ada@example.com",
                "SIGNET_ADMIN_PASSWORD", "password123456789"));
        try (SignetProcess refused = SignetProcess.start(settings)) {
            assertThat(refused.exitWithin(PATIENCE)).isNotZero();
            assertThat(refused.output()).contains("SIGNET_ADMIN_PASSWORD is too short or too easily guessed");
        }
        settings.put("SIGNET_COMPANY_NAME", TOO_LONG);
        try (SignetProcess refused = SignetProcess.start(settings)) {
            assertThat(refused.exitWithin(PATIENCE)).isNotZero();
            assertThat(refused.output()).contains("SIGNET_COMPANY_NAME is not a valid name");
        }
        settings.put("SIGNET_COMPANY_NAME", "Ring & Co");
        settings.put("SIGNET_ADMIN_PASSWORD", "seven blue mules at noon");
        try (SignetProcess service = SignetProcess.start(settings).awaitStart()) {
            assertThat(service.output()).contains("ada@example.com").doesNotContain("seven blue mules");
            assertThat(signIn(service.output(), "ada@example.com", "seven blue mules at noon"))
                    .isEqualTo(200);
        }
    }

    /** With the very settings of the service, its port too. */
    private static String command(Map<String, String> service, int exitCode, String... words) throws Exception {
        Map<String, String> settings = new HashMap<>(service);
        settings.put("SERVER_PORT", "1");
        settings.put("SIGNET_SHUTDOWN_DELAY", "5m");
        try (SignetProcess command = SignetProcess.start(settings, words)) {
            assertThat(command.exitWithin(PATIENCE)).as(command.output()).isEqualTo(exitCode);
            return command.output();
        }
    }

    private static int signIn(String said, String email, String password) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + found(PORT, said) + "/auth/local"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password)))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }
}
