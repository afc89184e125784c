package dev.signet.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Forgery;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who reads the database finds nothing to sign in with, and who writes into it makes nothing that works. */
class StolenDatabaseTests {

    private final Tenant company = Tenant.create();

    @Test
    void theDatabaseHoldsNoSecretAndNoPlainHashOfOne() throws GeneralSecurityException {
        Token token = company.token("messages-read");
        Token revoked = company.token("messages-read");
        company.edit(token, Map.of("name", "Edited"));
        company.revoke(revoked);
        String refresh = cookie();
        String rows = String.join("\n", Tables.dump());
        String lower = rows.toLowerCase(Locale.ROOT);

        assertThat(rows).contains(token.id(), company.email(), Forgery.publicId(token.secret()));
        for (String secret : List.of(token.secret(), revoked.secret(), Tenant.PASSWORD, company.bearer(), refresh)) {
            Stream.Builder<byte[]> forms = Stream.builder();
            forms.add(secret.getBytes(StandardCharsets.UTF_8));
            for (String algorithm : List.of("MD5", "SHA-1", "SHA-256", "SHA-512")) {
                forms.add(MessageDigest.getInstance(algorithm).digest(secret.getBytes(StandardCharsets.UTF_8)));
            }
            assertThat(rows).doesNotContain(secret);
            forms.build().forEach(form -> {
                assertThat(lower).doesNotContain(HexFormat.of().formatHex(form));
                assertThat(rows)
                        .doesNotContain(
                                Base64.getEncoder().withoutPadding().encodeToString(form),
                                Base64.getUrlEncoder().withoutPadding().encodeToString(form));
            });
        }
        // the random part alone would be enough
        assertThat(rows).doesNotContain(token.secret().substring(17, 60));
    }

    @Test
    void aSecretThatSomebodyWritesIntoTheDatabaseDoesNotWork() throws GeneralSecurityException {
        Token token = company.token("messages-read");
        String forged = Forgery.secret("WrittenIn" + token.id().substring(21));
        byte[] text = forged.getBytes(StandardCharsets.UTF_8);
        Keys keys = Node.one().bean(Keys.class);
        Keys others = Keys.parse(Base64.getEncoder().encodeToString(new byte[32]));
        Map<String, byte[]> digests = Map.of(
                "plain", text,
                "empty", new byte[0],
                "zeros", new byte[32],
                "SHA-256", MessageDigest.getInstance("SHA-256").digest(text),
                "SHA-512", MessageDigest.getInstance("SHA-512").digest(text),
                "another key", Keys.mac(others.current(Purpose.API_TOKEN), forged),
                "another purpose", Keys.mac(keys.current(Purpose.REFRESH_SECRET), forged));
        String publicId = Forgery.publicId(forged);
        Tables.update(
                "insert into api_token_secrets values (?, ?, ''::bytea, ?, now())",
                publicId,
                token.id(),
                keys.currentId());
        try {
            digests.forEach((what, digest) -> {
                for (String key : List.of(keys.currentId(), others.currentId(), "", "none")) {
                    Tables.update(
                            "update api_token_secrets set digest = ?, key_id = ? where public_id = ?",
                            digest,
                            key,
                            publicId);
                    assertThat(status(forged)).as(what + " under " + key).isEqualTo(401);
                }
            });
            // only who has the key can make one
            Tables.update(
                    "update api_token_secrets set digest = ?, key_id = ? where public_id = ?",
                    Keys.mac(keys.current(Purpose.API_TOKEN), forged),
                    keys.currentId(),
                    publicId);
            assertThat(status(forged)).isEqualTo(200);
        } finally {
            // a secret under an unknown key would stop the next node's start
            Tables.update("delete from api_token_secrets where public_id = ?", publicId);
        }
    }

    @Test
    void aDigestThatIsCopiedFromAnotherTokenDoesNotWork() {
        Token weak = company.token("messages-read");
        Token strong = company.token("*");
        Tables.update(
                "update api_token_secrets set digest = (select digest from api_token_secrets where token_id = ?)"
                        + " where token_id = ?",
                weak.id(),
                strong.id());
        String crossed = Forgery.secret(Forgery.publicId(strong.secret()));
        assertThat(status(crossed)).isEqualTo(401);
        assertThat(status(strong.secret())).isEqualTo(401);
        assertThat(status(weak.secret())).isEqualTo(200);
    }

    private static int status(String bearer) {
        return Wire.get("/api/v2/users/me").bearer(bearer).to(Node.one()).status();
    }

    private String cookie() {
        String header = Wire.request("POST", "/auth/local")
                .json("{\"email\": \"%s\", \"password\": \"%s\"}".formatted(company.email(), Tenant.PASSWORD))
                .to(Node.one())
                .header("Set-Cookie");
        return String.valueOf(header).replaceAll("^[^=]*=([^;]*);.*", "$1");
    }
}
