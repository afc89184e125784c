package dev.signet.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A write changes what it names, of the one thing that it names. */
class TokenWriteTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<String> NOT_THE_CALLERS_TO_SAY = List.of(
            "_id",
            "id",
            "company",
            "companyId",
            "company_id",
            "user",
            "userId",
            "status",
            "token",
            "secret",
            "tokenHint",
            "digest",
            "keyId",
            "publicId",
            "version",
            "search",
            "createdBy",
            "createdAt",
            "modifiedBy",
            "modifiedAt",
            "revokedAt",
            "revokedBy",
            "revokeReason",
            "permissions2",
            "permissionsV2",
            "locked",
            "isBot",
            "class",
            "@class",
            "@type",
            "__proto__",
            "constructor",
            "$where",
            "name ",
            "Name");

    private final Tenant company = Tenant.create();

    @Test
    void fieldsThatAreNotTheCallersToSayAreNamedAndNothingIsWritten() {
        Token token = company.token("messages-read");
        Map<String, Map<String, Object>> writes = new LinkedHashMap<>();
        writes.put("POST /api/v2/apitokens", Tenant.newToken(token.role()));
        writes.put("PATCH /api/v2/apitokens/" + token.id(), Map.of("description", "changed"));
        writes.put("POST /api/v2/apitokens/" + token.id() + "/revoke", Map.of("reason", "changed"));
        writes.put("POST /api/v2/accessroles", Map.of("name", "Made", "permissions", List.of("messages-read")));
        writes.put("PATCH /api/v2/accessroles/" + token.role(), Map.of("description", "changed"));

        List<String> before = Tables.dump(company.id());
        writes.forEach((call, body) -> {
            List<String> fields = new ArrayList<>(NOT_THE_CALLERS_TO_SAY);
            fields.addAll(call.contains("apitokens") ? List.of("permissions", "active") : List.of("isActive", "code"));
            for (String field : fields) {
                for (Object value : List.of("0".repeat(24), true)) {
                    Map<String, Object> extended = new LinkedHashMap<>(body);
                    extended.put(field, value);
                    Answer answer = send(call, extended);
                    assertThat(answer.status()).as(call + " " + field).isEqualTo(400);
                    assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
                    assertThat(answer.json().at("/errors/0/code").asString()).isEqualTo("unknown_field");
                }
            }
        });
        assertThat(Tables.dump(company.id())).isEqualTo(before);
        // without them, each of these writes is taken
        writes.forEach(
                (call, body) -> assertThat(send(call, body).status()).as(call).isLessThan(300));
    }

    @Test
    void ofAHundredTokensAWriteChangesOne() {
        String role = company.role("messages-read");
        String next = company.role("messages-read");
        List<JsonNode> tokens = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            tokens.add(Tenant.post(company.admin(), "/api/v2/apitokens", Tenant.newToken(role))
                    .path("data"));
        }
        Map<String, Object> changes = new LinkedHashMap<>();
        changes.put("", Map.of("name", "Another name"));
        changes.put(" ", Map.of("userBotName", "Another bot"));
        changes.put("  ", Map.of("accessRoles", List.of(next)));
        changes.put("   ", Map.of("isActive", false, "expiresAt", "2099-01-01T00:00:00Z"));
        changes.put("/revoke", Map.of("reason", "lost"));
        int at = 7;
        for (Map.Entry<String, Object> change : changes.entrySet()) {
            JsonNode token = tokens.get(at += 13);
            String id = token.path("_id").asString();
            Set<String> before = new HashSet<>(Tables.written());
            String method = change.getKey().isBlank() ? "PATCH" : "POST";
            Answer answer =
                    send(method + " /api/v2/apitokens/" + id + change.getKey().strip(), change.getValue());
            assertThat(answer.status()).as(change.toString()).isEqualTo(200);

            Set<String> after = new HashSet<>(Tables.written());
            after.removeAll(before);
            assertThat(after.stream().filter(row -> row.startsWith("api_tokens ")))
                    .singleElement()
                    .asString()
                    .contains("\"id\":\"" + id + "\"");
            assertThat(after.stream().filter(row -> row.startsWith("users ")))
                    .hasSizeLessThanOrEqualTo(1)
                    .allMatch(
                            row -> row.contains("\"id\":\"" + token.path("user").asString() + "\""));
            assertThat(after.stream().filter(row -> row.startsWith("audit_logs ")))
                    .singleElement()
                    .asString()
                    .contains("\"item\":\"" + id + "\"");
            assertThat(after).hasSizeLessThanOrEqualTo(3);
        }
    }

    private Answer send(String call, Object body) {
        String[] parts = call.split(" ", 2);
        return Wire.request(parts[0], parts[1])
                .bearer(company.bearer())
                .json(JSON.writeValueAsString(body))
                .to(Node.one());
    }
}
