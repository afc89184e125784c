package dev.signet.token;

import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import dev.signet.platform.Rows;
import dev.signet.platform.StartRefusedException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The stored side of secrets: keyed digests. A fast one is enough, as a secret has 256 random bits. */
@Component
class Secrets implements SmartInitializingSingleton {

    private final JdbcClient jdbc;
    private final Keys keys;

    Secrets(JdbcClient jdbc, Keys keys) {
        this.jdbc = jdbc;
        this.keys = keys;
    }

    /** Makes a secret of the token, keeps its digest and gives it: the only time that it is there. */
    @Transactional(propagation = Propagation.MANDATORY)
    Secret issue(String token, Instant now) {
        Secret secret = Secret.generate();
        jdbc.sql("""
                        insert into api_token_secrets (public_id, token_id, digest, key_id, created_at)
                        values (:publicId, :token, :digest, :key, :now)
                        """)
                .param("publicId", secret.publicId())
                .param("token", token)
                .param("digest", digest(keys.current(Purpose.API_TOKEN), secret))
                .param("key", keys.currentId())
                .param("now", Rows.time(now))
                .update();
        return secret;
    }

    /**
     * Lets the token's current secret end with its grace, never later than the token itself, and one that is in its grace
     * already at once.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    void replace(String token, Duration grace) {
        jdbc.sql("""
                        update api_token_secrets s
                        set ends_at = case when s.ends_at is null
                                      then least(now() + make_interval(secs => :grace), t.expires_at) else now() end
                        from api_tokens t
                        where t.id = s.token_id and s.token_id = :token and (s.ends_at is null or s.ends_at > now())
                        """).param("grace", grace.toSeconds()).param("token", token).update();
    }

    /** Whether that secret of the token was replaced. */
    boolean isReplaced(String publicId) {
        return jdbc.sql("select ends_at is not null from api_token_secrets where public_id = :publicId")
                .param("publicId", publicId)
                .query(Boolean.class)
                .single();
    }

    /**
     * Whether the digest, made under that key, is the secret's. Takes as long for a row that does not exist, so that its
     * time says nothing of which secrets there are.
     */
    boolean matches(Secret secret, byte @Nullable [] digest, @Nullable String keyId) {
        SecretKey key = keyId == null ? null : keys.find(keyId, Purpose.API_TOKEN);
        byte[] computed = digest(key == null ? keys.current(Purpose.API_TOKEN) : key, secret);
        return MessageDigest.isEqual(computed, digest == null ? new byte[computed.length] : digest) && key != null;
    }

    /** Makes the digest anew where an older key made it, so that the older key can be given up in time. */
    void renew(Secret secret, String keyId) {
        if (!keyId.equals(keys.currentId())) {
            jdbc.sql("""
                            update api_token_secrets set digest = :digest, key_id = :current
                            where public_id = :publicId and key_id = :key
                            """)
                    .param("digest", digest(keys.current(Purpose.API_TOKEN), secret))
                    .param("current", keys.currentId())
                    .param("publicId", secret.publicId())
                    .param("key", keyId)
                    .update();
        }
    }

    /** Refuses to start while the key of a living secret is missing: its bearer would be locked out. */
    @Override
    public void afterSingletonsInstantiated() {
        List<String> missing = jdbc.sql("""
                        select s.key_id || ' (' || count(*) || ')'
                        from api_token_secrets s join api_tokens t on t.id = s.token_id
                        where t.revoked_at is null and (s.ends_at is null or s.ends_at > now()) and s.key_id not in (:known)
                        group by s.key_id order by s.key_id
                        """)
                .param("known", keys.ids())
                .query((row, number) -> row.getString(1))
                .list();
        if (!missing.isEmpty()) {
            throw new StartRefusedException(
                    "SIGNET_KEYS lacks keys that stored tokens need: " + String.join(", ", missing)
                            + " (key id, and how many living secrets need it).",
                    "Add the former key behind the newest one, a comma between them. "
                            + "It can be given up when the tokens have been used or rotated.");
        }
    }

    private static byte[] digest(SecretKey key, Secret secret) {
        return Keys.mac(key, secret.plainText());
    }
}
