package dev.signet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.setup.Companies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README tells people to paste works as it stands there. */
class ReadmeTests {

    private static final Pattern BLOCKS = Pattern.compile("(?m)^```sh\\n(.*?)^```", Pattern.DOTALL);

    @Test
    void theWalkWorksAsItStands() throws Exception {
        assertThat(walk("")).satisfies(ReadmeTests::tellsTheStory);
    }

    @Test
    void theWalkWorksWithItsRequestsSpreadOverTwoNodes() throws Exception {
        String spread = """
                NODES=(%s %s)
                CALLS=$(mktemp)
                curl() {
                  printf . >> $CALLS
                  local node=${NODES[$(($(wc -c < $CALLS) %% 2))]}
                  command curl "${@/#$SIGNET/$node}"
                }
                """.formatted(Node.one().url(), Node.other().url());
        assertThat(walk(spread)).satisfies(ReadmeTests::tellsTheStory);
    }

    private static void tellsTheStory(String output) {
        assertThat(output.lines().filter(line -> line.matches("\\d{3}.*")))
                .containsExactly(
                        "201",
                        "200 reading tokens",
                        "403 without the role",
                        "401 switched off",
                        "200 switched on",
                        "401 revoked",
                        "201 said",
                        "201 said for you",
                        "403 no longer for you");
        assertThat(output)
                .containsPattern("\"token\":\"sgt_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\"")
                .contains("\"permissionsV2\":[\"admin-apitokens-read\"]")
                .contains("\"requiredPermissions\":[\"admin-apitokens-read\"]")
                .contains("\"code\":\"token_inactive\"")
                .contains("\"code\":\"token_revoked\"")
                .contains("\"status\":\"revoked\"")
                .contains("\"displayName\":\"Berta bot\"")
                .containsPattern(
                        "\"sentBy\":\"(\\w{24})\".*\"actedBy\":\\{\"user\":\"(?!\\1)\\w{24}\",\"token\":\"\\w{24}\"}")
                .contains("\"code\":\"cannot_act_for\"")
                .containsPattern(
                        "(?m)^id: ?1\nevent: ?message\ndata: ?\\{.*\"displayName\":\"Berta bot\",\"avatar\":\\{")
                .containsPattern("(?m)^id: ?2$");
    }

    private static String walk(String before) throws IOException, InterruptedException {
        List<String> blocks = BLOCKS.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(blocks).hasSize(3);
        String email = "reader" + System.nanoTime() + "@example.com";
        String printed = Companies.create(Node.one(), "Readers of the README", email);
        String settings = blocks.getFirst()
                .replaceFirst("http://localhost:8080", Node.one().url())
                .replaceFirst("admin@signet.local", email)
                .replaceFirst("paste-the-password-here", printed);
        Process shell = new ProcessBuilder("bash", "-eu", "-c", before + settings + blocks.get(1) + blocks.get(2))
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(output).isZero();
        return output;
    }
}
