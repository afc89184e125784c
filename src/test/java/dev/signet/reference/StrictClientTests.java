package dev.signet.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What others make of the API document: linters find nothing in it, and clients that are generated from it compile strictly
 * and do the README's two walks. The programs stand in {@code src/test/clients} and run in {@code target}, with Node.
 */
class StrictClientTests {

    private static final Path SOURCES = Path.of("src/test/clients");
    private static final Path FOLDER = Path.of("target/clients");

    /** The first Node that the programs run on: 20.19. */
    private static final Runtime.Version OLDEST_NODE = Runtime.Version.parse("20.19");

    @BeforeAll
    static void install() throws IOException {
        requireNode();
        Files.createDirectories(FOLDER);
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Files.copy(source, FOLDER.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path lock = FOLDER.resolve("package-lock.json");
        Path installed = FOLDER.resolve("node_modules/.installed-lock.json");
        if (!Files.exists(installed) || Files.mismatch(lock, installed) >= 0) {
            run(Map.of(), "npm", "ci", "--no-progress");
            Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(
                FOLDER.resolve("openapi.json"),
                Api.as(null).get("/v3/api-docs").expect(200).text());
    }

    @Test
    void spectralFindsNoProblem() {
        assertThat(run(Map.of(), "npm", "run", "--silent", "spectral")).contains("No results");
    }

    @Test
    void redoclyFindsNoErrorAndNoWarning() {
        String report = run(Map.of(), "npm", "run", "--silent", "redocly");
        JsonNode problems = new JsonMapper().readTree(report).path("problems");
        assertThat(problems.isArray()).as(report).isTrue();
        assertThat(problems.values()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi-fetch", "hey-api"})
    void aGeneratedClientCompilesStrictlyAndDoesTheReadmesWalks(String client) {
        Compiled.once();
        Tenant company = Tenant.create();
        assertThat(run(
                        Map.of(
                                "SIGNET", Node.one().url(),
                                "EMAIL", company.email(),
                                "PASSWORD", Tenant.PASSWORD),
                        "node",
                        "compiled/" + client + ".js"))
                .contains("both walks done");
    }

    /** Both clients are generated and compiled together. */
    private static final class Compiled {

        static {
            run(Map.of(), "npm", "run", "--silent", "generate");
            run(Map.of(), "npm", "run", "--silent", "compile");
        }

        static void once() {}
    }

    /** Without Node these tests are skipped, and the build says so. */
    private static void requireNode() {
        Runtime.Version found = node();
        if (found.compareTo(OLDEST_NODE) < 0) {
            String reason = "SKIPPED: linters and generated clients of the API document need Node " + OLDEST_NODE
                    + " or newer on the PATH; found: " + found;
            System.out.println(reason);
            abort(reason);
        }
    }

    private static Runtime.Version node() {
        try {
            Process node = new ProcessBuilder("node", "--version").start();
            return Runtime.Version.parse(new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .substring(1));
        } catch (IOException absent) {
            return Runtime.Version.parse("1");
        }
    }

    /** Runs it in the folder and gives what it prints. */
    private static String run(Map<String, String> environment, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(FOLDER.toFile());
        builder.environment().putAll(environment);
        Path errors = FOLDER.resolve("errors.txt");
        builder.redirectError(errors.toFile());
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as(() -> List.of(command) + "\n" + output + "\n" + read(errors))
                    .isZero();
            return output;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
