package dev.signet.token;

import dev.signet.access.Bounds;
import dev.signet.access.Caller;
import dev.signet.access.Permissions;
import dev.signet.platform.Addresses;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import dev.signet.platform.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Decides whether a secret is good, now: shape and checksum, one statement by public id, the digest, and its life. */
@Service
public class TokenVerifier {

    private static final String ADMITTED =
            "(t.allowed_ips = '{}' or coalesce(cast(%s as inet) <<= any(cast(t.allowed_ips as inet[])), false))";

    // Whether it is alive is decided by the database's clock, the same for every node.
    private static final String FIND = """
            select s.digest, s.key_id, s.ends_at is not null as replaced, s.ends_at <= now() as ended,
                   s.first_used_at is null as unused, current_setting('transaction_read_only') = 'off' as writable, t.id, t.company_id, t.user_id, t.revoked_at,
                   t.expires_at, t.expires_at <= now() as expired, t.is_active and a.is_active as active, a.permissions,
                   t.impersonates, t.allowed_ips, %s as admitted,
                   case when least(t.expires_at, s.ends_at) < now() + interval '7 days'
                        then least(t.expires_at, s.ends_at) end as ends_soon,
                   now() as now
            from api_token_secrets s
            join api_tokens t on t.id = s.token_id
            join authorities a on a.user_id = t.user_id
            where s.public_id = :publicId
            """.formatted(ADMITTED.formatted(":address"));

    private static final String STILL_GOOD = """
            select c.number, a.permissions
            from unnest(cast(:secrets as text[]), cast(:addresses as text[])) with ordinality as c (secret, address, number)
            join api_token_secrets s on s.public_id = c.secret
            join api_tokens t on t.id = s.token_id
            join authorities a on a.user_id = t.user_id
            where (s.ends_at is null or s.ends_at > now()) and (t.expires_at is null or t.expires_at > now())
              and t.revoked_at is null and t.is_active and a.is_active and %s
            """.formatted(ADMITTED.formatted("c.address"));

    private static final String WHOM_TO_ASK = """
            select u.display_name || ' (' || u.email || ')'
            from api_tokens t join users u on u.id in (t.modified_by, t.created_by)
            where t.id = :id
            order by u.is_bot, u.id = t.modified_by desc
            limit 1
            """;

    private final JdbcClient jdbc;
    private final Secrets secrets;
    private final Uses uses;

    TokenVerifier(JdbcClient jdbc, Secrets secrets, Uses uses) {
        this.jdbc = jdbc;
        this.secrets = secrets;
        this.uses = uses;
    }

    /** Whether the bearer token is one for this verifier; others are access tokens. */
    public static boolean knows(String bearer) {
        return bearer.startsWith(Secret.PREFIX);
    }

    /**
     * The caller that the secret stands for; barred where it may not be used from that address. 401 for any other; only who
     * holds the right secret is told why.
     *
     * @throws DeadSecretException where the right secret is not good any more
     */
    public Caller verify(String bearer, String address, @Nullable String agent) {
        Secret secret = Secret.parse(bearer);
        if (secret == null) {
            throw Problem.INVALID_TOKEN.with();
        }
        Found found = jdbc.sql(FIND)
                .param("publicId", secret.publicId())
                .param("address", Addresses.comparable(address))
                .query(Found::row)
                .optional()
                .orElse(null);
        if (found == null) {
            secrets.matches(secret, null, null, false);
            throw Problem.INVALID_TOKEN.with();
        }
        if (!secrets.matches(secret, found.digest, found.keyId, found.living())) {
            throw Problem.INVALID_TOKEN.with();
        }
        if (found.ended) {
            // the holder of an old secret is told nothing: it may be anybody's by now
            throw found.dead(Problem.SECRET_REPLACED, Problem.INVALID_TOKEN.with());
        }
        if (found.revokedAt != null || found.expired || !found.active) {
            throw explain(found);
        }
        // a read-only database (a standby, say) serves reads
        if (found.writable) {
            secrets.renew(secret, found.keyId);
        }
        if (found.admitted) {
            if (found.writable && found.unused && !secrets.markUsed(secret.publicId())) {
                throw Problem.INVALID_TOKEN.with();
            }
            uses.note(found.token, found.now, address, agent, found.replaced ? secret.publicId() : null);
        }
        return new Caller(
                found.company,
                found.user,
                found.token,
                secret.publicId(),
                found.replaced,
                new Bounds(found.expiresAt, found.allowedIps),
                new Permissions(found.permissions),
                address,
                found.admitted ? null : Problem.IP_NOT_ALLOWED,
                found.endsSoon,
                null,
                found.impersonates,
                null);
    }

    /** What each of these callers, who came through a token, may do by now. Who would not be let in is not among them. */
    public Map<Caller, Permissions> stillGood(Collection<Caller> callers) {
        Map<Caller, Permissions> good = new HashMap<>();
        if (!callers.isEmpty()) {
            List<Caller> numbered = List.copyOf(callers);
            jdbc.sql(STILL_GOOD)
                    .param("secrets", numbered.stream().map(Caller::credential).toArray(String[]::new))
                    .param(
                            "addresses",
                            numbered.stream()
                                    .map(caller -> Addresses.comparable(caller.address()))
                                    .toArray(String[]::new))
                    .query(row -> {
                        good.put(
                                numbered.get(row.getInt("number") - 1),
                                new Permissions(Set.copyOf(Rows.texts(row, "permissions"))));
                    });
        }
        return good;
    }

    private DeadSecretException explain(Found found) {
        String whom = jdbc.sql(WHOM_TO_ASK)
                .param("id", found.token)
                .query(String.class)
                .single();
        if (found.revokedAt != null) {
            return found.dead(Problem.TOKEN_REVOKED, Problem.TOKEN_REVOKED.with(Times.text(found.revokedAt), whom));
        }
        if (found.expired) {
            return found.dead(
                    Problem.TOKEN_EXPIRED,
                    Problem.TOKEN_EXPIRED.with(found.expiresAt == null ? "" : Times.text(found.expiresAt), whom));
        }
        return found.dead(Problem.TOKEN_INACTIVE, Problem.TOKEN_INACTIVE.with(whom));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared or printed
    private record Found(
            byte[] digest,
            String keyId,
            boolean replaced,
            boolean ended,
            boolean unused,
            boolean writable,
            String token,
            String company,
            String user,
            @Nullable Instant revokedAt,
            @Nullable Instant expiresAt,
            boolean expired,
            boolean active,
            Set<String> permissions,
            Set<String> impersonates,
            List<String> allowedIps,
            boolean admitted,
            @Nullable Instant endsSoon,
            Instant now) {

        boolean living() {
            return !ended && revokedAt == null && !expired && active;
        }

        DeadSecretException dead(Problem reason, ProblemException refusal) {
            return new DeadSecretException(company, user, token, reason.code(), refusal);
        }

        static Found row(ResultSet row, int number) throws SQLException {
            return new Found(
                    row.getBytes("digest"),
                    row.getString("key_id"),
                    row.getBoolean("replaced"),
                    row.getBoolean("ended"),
                    row.getBoolean("unused"),
                    row.getBoolean("writable"),
                    row.getString("id"),
                    row.getString("company_id"),
                    row.getString("user_id"),
                    Rows.instantOrNull(row, "revoked_at"),
                    Rows.instantOrNull(row, "expires_at"),
                    row.getBoolean("expired"),
                    row.getBoolean("active"),
                    Set.copyOf(Rows.texts(row, "permissions")),
                    Set.copyOf(Rows.texts(row, "impersonates")),
                    Rows.texts(row, "allowed_ips"),
                    row.getBoolean("admitted"),
                    Rows.instantOrNull(row, "ends_soon"),
                    Rows.instant(row, "now"));
        }
    }
}
