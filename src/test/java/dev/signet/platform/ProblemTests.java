package dev.signet.platform;

import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Tenant;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

/** Every refusal has one shape, in the caller's language. */
class ProblemTests {

    private static final Pattern NAMED = Pattern.compile("\\{\\d}");

    private final Tenant company = Tenant.create();

    @Test
    void aProblemHasAllItsMembers() {
        Answer refused = company.api().get(TOKENS + "/ffffffffffffffffffffffff").expect(404, "not_found");

        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.body().path("type").asString()).isEqualTo("/problems/not_found");
        assertThat(refused.body().path("title").asString()).isEqualTo("Not found");
        assertThat(refused.body().path("status").asInt()).isEqualTo(404);
        assertThat(refused.body().path("detail").asString()).isNotBlank();
        assertThat(refused.body().path("instance").asString()).isEqualTo(TOKENS + "/ffffffffffffffffffffffff");
        assertThat(refused.body().path("traceId").asString()).matches("[0-9a-f]{32}");
    }

    @Test
    void everyStatusIsAProblem() {
        Api api = company.api();
        api.post(TOKENS, "{").expect(400, "invalid_request");
        Api.as(null).get(TOKENS).expect(401, "unauthenticated");
        api.send(HttpMethod.DELETE, TOKENS, null).expect(405, "method_not_allowed");
        assertThat(api.send(HttpMethod.DELETE, TOKENS, null).header("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
        api.with("Accept", "text/html").get(TOKENS).expect(406, "not_acceptable");
        api.post(TOKENS, "\"" + "x".repeat(70_000) + "\"").expect(413, "too_large");
    }

    @Test
    void aSuccessIsNeverCalledAProblem() {
        for (String accept : List.of(
                "application/problem+json, application/json",
                "application/json, application/problem+json",
                "application/problem+json;q=1, */*;q=0.1",
                "application/problem+json",
                "application/vnd.partner+json, application/json",
                "application/*+json",
                "application/*",
                "*/*")) {
            Api api = company.api().with("Accept", accept);
            assertThat(api.get(TOKENS).expect(200).header("Content-Type"))
                    .as(accept)
                    .isEqualTo("application/json");
            assertThat(api.get(TOKENS + "/x").expect(404).header("Content-Type"))
                    .as(accept)
                    .isEqualTo("application/problem+json");
        }
    }

    @Test
    void aProblemSpeaksTheCallersLanguage() {
        Api api = company.api();
        assertThat(title(api.with("Accept-Language", "es-CL,es;q=0.9"))).isEqualTo("No encontrado");
        assertThat(title(api.with("Accept-Language", "fr"))).isEqualTo("Not found");
        assertThat(title(api)).isEqualTo("Not found");
        Answer refused = api.with("Accept-Language", "es").post(TOKENS, Map.of("code", "UPPER", "nombre", 1));
        assertThat(refused.expect(400).text()).contains("no es un campo de esto");
        assertThat(api.with("Accept-Language", "es").get(TOKENS + "?limit=0").text())
                .contains("mayor que o igual a 1");
    }

    @Test
    void theTypeOfAProblemIsAPageThatExplainsIt() {
        for (Problem problem : Problem.values()) {
            Answer page = Api.as(null).with("Accept-Language", "es").get("/problems/" + problem.code());
            assertThat(page.expect(200).header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
            assertThat(page.text()).contains("<html lang=\"es\">", problem.code());
        }
        Api.as(null).get("/problems/nonsense").expect(404, "not_found");
    }

    @Test
    void eachProblemAndPermissionIsWordedInBothLanguages() throws IOException {
        Properties english = words("/problems.properties");
        Set<String> expected = Arrays.stream(Problem.values())
                .flatMap(problem -> Stream.of(".title", ".detail", ".help").map(problem.code()::concat))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(english.stringPropertyNames()).containsAll(expected);
        assertSameKeys("/problems.properties", "/problems_es.properties");
        assertSameKeys("/ValidationMessages.properties", "/ValidationMessages_es.properties");
    }

    private static void assertSameKeys(String english, String spanish) throws IOException {
        Properties one = words(english);
        Properties other = words(spanish);
        assertThat(other.stringPropertyNames()).isEqualTo(one.stringPropertyNames());
        assertThat(one.stringPropertyNames())
                .allSatisfy(key ->
                        assertThat(named(other.getProperty(key))).as(key).isEqualTo(named(one.getProperty(key))));
    }

    private static Set<String> named(String sentence) {
        return NAMED.matcher(sentence).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private static Properties words(String file) throws IOException {
        Properties words = new Properties();
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(ProblemTests.class.getResourceAsStream(file)), StandardCharsets.UTF_8)) {
            words.load(reader);
        }
        return words;
    }

    private static String title(Api api) {
        return api.get(TOKENS + "/ffffffffffffffffffffffff")
                .body()
                .path("title")
                .asString();
    }
}
