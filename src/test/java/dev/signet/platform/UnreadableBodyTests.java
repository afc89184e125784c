package dev.signet.platform;

import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever is wrong with a body, the refusal names the field and says what. */
class UnreadableBodyTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final Token TOKEN = COMPANY.token("messages-read");

    @Test
    void aNewTokenIsRefusedAtTheFieldThatIsWrong() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("{\"name\": \"a\", \"name\": \"b\"}", "name: duplicate_field");
        bodies.put("{\"nonsense\": 1}", "nonsense: unknown_field");
        bodies.put("{\"name\": 7}", "name: type");
        bodies.put("{\"name\": {\"x\": 1}}", "name: type");
        bodies.put("{\"accessRoles\": [\"a\", 7]}", "accessRoles[1]: type");
        bodies.put("{\"accessRoles\": \"a\"}", "accessRoles: type");
        bodies.put("{\"accessRoles\": [{\"a\": 1, \"a\": 2}]}", "accessRoles[0]: type");
        bodies.put("{\"expiresAt\": \"tomorrow\"}", "expiresAt: time");
        bodies.put("{\"name\": \"\\ud800\"}", "name: text");
        bodies.put("{\"name\": NaN}", ": json");
        bodies.put("{\"name\": \"a", ": json");
        bodies.put("{\"accessRoles\": [\"a\" \"b\"]}", ": json");
        bodies.put("nonsense", ": json");
        bodies.put("[]", ": json_object");
        bodies.put("7", ": json_object");
        bodies.put("\"text\"", ": json_object");
        bodies.put("{} {}", ": json_object");
        bodies.put("null", ": body_required");
        bodies.put("", ": body_required");
        bodies.forEach((body, expected) ->
                assertThat(refusal("POST", TOKENS, body)).as(body).isEqualTo(expected));
    }

    @Test
    void aNumberOutOfRangeIsNamedAndADeepFieldByItsPath() {
        assertThat(refusal("POST", "/api/v2/users", "{\"name\": {\"names\": \"a\", \"names\": \"b\"}}"))
                .isEqualTo("name.names: duplicate_field");
        assertThat(refusal("POST", TOKENS, "{\"name\": 1" + "0".repeat(2_000) + "}"))
                .isEqualTo(": number_length");
        for (String number : new String[] {"2147483648", "-99999999999999999999", "1" + "0".repeat(900)}) {
            assertThat(refusal("POST", TOKEN.path() + "/rotate", "{\"graceSeconds\": " + number + "}"))
                    .as(number)
                    .isEqualTo("graceSeconds: number_range");
            assertThat(refusal("PATCH", "/api/v2/company", "{\"tokenPolicy\": {\"maxLifetimeDays\": " + number + "}}"))
                    .as(number)
                    .matches(".*(number_range|unknown_field|type)");
        }
        assertThat(refusal("POST", TOKEN.path() + "/rotate", "{\"graceSeconds\": 1.5}"))
                .isEqualTo("graceSeconds: type");
        assertThat(refusal("POST", TOKEN.path() + "/rotate", "{\"graceSeconds\": 1e99}"))
                .isEqualTo("graceSeconds: type");
    }

    @Test
    void anEditIsRefusedAtTheFieldThatIsWrong() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("{\"name\": \"a\", \"name\": \"b\"}", "name: duplicate_field");
        bodies.put("{\"name\": [1]}", "name: type");
        bodies.put("{\"expiresAt\": 7}", "expiresAt: time");
        bodies.put("{\"allowedIps\": [1]}", "allowedIps[0]: type");
        bodies.put("{\"name\": \"a", ": json");
        bodies.put("{\"name\": " + "[".repeat(50), ": too_deep");
        bodies.put("[]", ": json_object");
        bodies.put("", ": body_required");
        bodies.forEach((body, expected) ->
                assertThat(refusal("PATCH", TOKEN.path(), body)).as(body).isEqualTo(expected));
    }

    @Test
    void textThatIsNotJsonIsLocatedAndNotRepeated() {
        Answer answer = Wire.request("POST", TOKENS)
                .bearer(COMPANY.bearer())
                .json("{\n  \"hunter2\" 1}")
                .to(Node.one());
        assertThat(answer.json().at("/errors/0/message").asString()).contains("line 2, column 1");
        assertThat(answer.body()).doesNotContain("hunter2");
    }

    @Test
    void eachRefusalReadsInBothLanguages() {
        Wire spanish = Wire.request("POST", TOKENS)
                .bearer(COMPANY.bearer())
                .header("Accept-Language", "es")
                .json("{\"name\": \"a\", \"name\": \"b\"}");
        assertThat(spanish.to(Node.one()).json().at("/errors/0/message").asString())
                .isEqualTo("debe darse una sola vez");
    }

    private static String refusal(String method, String path, String body) {
        Answer answer =
                Wire.request(method, path).bearer(COMPANY.bearer()).json(body).to(Node.one());
        assertThat(answer.status()).as(body).isEqualTo(400);
        JsonNode error = answer.json().at("/errors/0");
        assertThat(error.path("message").asString()).as(body).isNotBlank();
        return error.path("field").asString() + ": " + error.path("code").asString();
    }
}
