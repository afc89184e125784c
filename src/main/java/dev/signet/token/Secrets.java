package dev.signet.token;

import dev.signet.access.Caller;
import dev.signet.access.Permit;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.KeyRegistry;
import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import dev.signet.platform.Problem;
import dev.signet.platform.Rows;
import dev.signet.platform.StartRefusedException;
import java.security.MessageDigest;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The stored side of secrets: keyed digests. A fast one is enough, as a secret has 256 random bits. */
@Component
class Secrets implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);

    private final JdbcClient jdbc;
    private final Keys keys;
    private final KeyRegistry registry;
    private final Clock clock;

    Secrets(JdbcClient jdbc, Keys keys, KeyRegistry registry, Clock clock) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.registry = registry;
        this.clock = clock;
    }

    /** Creates the first secret of a token, stores its digest and returns it: the only time that it is there. */
    @Transactional(propagation = Propagation.MANDATORY)
    Secret issueFirst(Permit permit, String token) {
        return issue(permit, token, null, true);
    }

    /** The same for a secret that replaces another one: it counts as unused until it has been verified once. */
    @Transactional(propagation = Propagation.MANDATORY)
    Secret issueNext(Permit permit, String token, @Nullable IdempotencyKey request) {
        return issue(permit, token, request, false);
    }

    private Secret issue(Permit permit, String token, @Nullable IdempotencyKey request, boolean used) {
        Secret secret = Secret.generate();
        Instant now = clock.instant();
        jdbc.sql("""
                        insert into api_token_secrets (public_id, token_id, digest, key_id, created_at, first_used_at,
                                                       created_by, idempotency_key, request_digest)
                        values (:publicId, :token, :digest, :key, :now, :used, :by, :request, :requestDigest)
                        """)
                .param("publicId", secret.publicId())
                .param("token", token)
                .param("digest", digest(keys.current(Purpose.API_TOKEN), secret))
                .param("key", keys.currentId())
                .param("now", Rows.time(now))
                .param("used", Rows.timeOrNull(used ? now : null))
                .param("by", permit.caller().user())
                .param("request", request == null ? null : request.key())
                .param("requestDigest", request == null ? null : request.digest(), Types.BINARY)
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

    /**
     * The same for a token that rotates itself, whose row is locked. If the caller's secret was replaced before this request, the
     * secret that replaced it ends at once, provided that the token made it itself and it was never used; otherwise 409: the
     * response with the new secret was not lost, or not the caller's. A grace is never prolonged.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    void replaceOwn(Caller caller, String token, Duration grace) {
        boolean replaced = jdbc.sql("select ends_at is not null from api_token_secrets where public_id = :publicId")
                .param("publicId", caller.credential())
                .query(Boolean.class)
                .single();
        if (!replaced) {
            replace(token, grace);
        } else if (!caller.secretReplaced() || !shortenGrace(caller.credential(), grace) || !endUnused(caller, token)) {
            throw Problem.SECRET_REPLACED.with();
        }
    }

    /** Whether the grace still lasts. */
    private boolean shortenGrace(String publicId, Duration grace) {
        return jdbc.sql("""
                        update api_token_secrets set ends_at = least(ends_at, now() + make_interval(secs => :grace))
                        where public_id = :publicId and ends_at > statement_timestamp()
                        """)
                        .param("grace", grace.toSeconds())
                        .param("publicId", publicId)
                        .update()
                == 1;
    }

    private boolean endUnused(Caller caller, String token) {
        return jdbc.sql("""
                        update api_token_secrets set ends_at = now()
                        where token_id = :token and created_by = :bot and ends_at is null and first_used_at is null
                        """).param("token", token).param("bot", caller.user()).update() == 1;
    }

    /**
     * Notes that a secret is used for the first time, or returns false if it has ended. One statement, which waits for a
     * rotation that is about to end the secret: on every node, either it was used or it has ended, never both. In a transaction,
     * so that it waits on a connection for writers.
     */
    @Transactional
    boolean markUsed(String publicId) {
        return jdbc.sql("""
                        update api_token_secrets set first_used_at = coalesce(first_used_at, now())
                        where public_id = :publicId and (ends_at is null or ends_at > statement_timestamp())
                        """).param("publicId", publicId).update() == 1;
    }

    /** Whether the same rotation of the same sender was done before. */
    boolean isIssuedBefore(String sender, IdempotencyKey request) {
        return jdbc.sql("""
                        select request_digest from api_token_secrets
                        where created_by = :sender and idempotency_key = :key
                        """)
                .param("sender", sender)
                .param("key", request.key())
                .query((row, number) -> row.getBytes("request_digest"))
                .optional()
                .map(digest -> {
                    request.requireSame(digest);
                    return true;
                })
                .orElse(false);
    }

    /**
     * Whether the digest, made under that key, is the secret's. Takes as long for a row that does not exist, so that its
     * time says nothing of which secrets there are. A dead secret is refused anyway: without its key it does not match.
     *
     * @throws dev.signet.platform.MissingKeyException where this node lacks the key of a living secret, and another node has
     *     it, or had it
     */
    boolean matches(Secret secret, byte @Nullable [] digest, @Nullable String keyId, boolean living) {
        SecretKey key = keyId == null
                ? null
                : living ? registry.ofDigest(keyId, Purpose.API_TOKEN) : keys.find(keyId, Purpose.API_TOKEN);
        byte[] computed = digest(key == null ? keys.current(Purpose.API_TOKEN) : key, secret);
        return MessageDigest.isEqual(computed, digest == null ? new byte[computed.length] : digest) && key != null;
    }

    /**
     * Computes the digest again if an older key made it, so that the older key can be given up in time. The next use tries again
     * where that fails or would have to wait: no request depends on it.
     */
    void renew(Secret secret, String keyId) {
        if (keyId.equals(keys.currentId())) {
            return;
        }
        try {
            jdbc.sql("""
                            update api_token_secrets set digest = :digest, key_id = :current
                            where public_id = (select public_id from api_token_secrets
                                               where public_id = :publicId and key_id = :key
                                               for update skip locked)
                            """)
                    .param("digest", digest(keys.current(Purpose.API_TOKEN), secret))
                    .param("current", keys.currentId())
                    .param("publicId", secret.publicId())
                    .param("key", keyId)
                    .update();
        } catch (DataAccessException failure) {
            LOG.debug("The digest of a secret is still under key {}", keyId, failure);
        }
    }

    /**
     * Logs how many living secrets need each key, so that an operator knows which one can be given up. Refuses to start while
     * the key of one is missing: its bearer would be locked out.
     */
    @Override
    public void afterSingletonsInstantiated() {
        Map<String, Long> needed = new TreeMap<>();
        keys.ids().forEach(id -> needed.put(id, 0L));
        jdbc.sql("""
                        select s.key_id, count(*) as secrets
                        from api_token_secrets s join api_tokens t on t.id = s.token_id
                        where t.revoked_at is null and (s.ends_at is null or s.ends_at > now())
                        group by s.key_id
                        """).query(row -> {
            needed.put(row.getString("key_id"), row.getLong("secrets"));
        });
        LOG.info("Living secrets by the key that they need: {}. New ones are made with {}", needed, keys.currentId());
        needed.keySet().removeAll(keys.ids());
        if (!needed.isEmpty()) {
            List<String> missing = needed.entrySet().stream()
                    .map(key -> key.getKey() + " (" + key.getValue() + ")")
                    .toList();
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
