package dev.signet.session;

import dev.signet.access.Caller;
import dev.signet.access.Permissions;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.platform.CleanUp;
import dev.signet.platform.Ids;
import dev.signet.platform.KeyRegistry;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import dev.signet.session.AccessTokens.Access;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Sessions are rows: one that ended is refused at the very next request. */
@Service
public class SessionService {

    private static final Logger LOG = LoggerFactory.getLogger(SessionService.class);

    /** 12 hours without a refresh, 30 days in all. */
    private static final String LIVING = """
            s.ended_at is null and s.refreshed_at > now() - interval '12 hours'
            and s.created_at > now() - interval '30 days'
            """;

    private static final String FIND = """
            select a.company_id, s.user_id, s.id, a.permissions, coalesce(p.generated, false) as generated
            from sessions s
            join authorities a on a.user_id = s.user_id
            left join passwords p on p.user_id = s.user_id
            where s.id = :session and s.user_id = :user and a.is_active and cast(:expires as timestamptz) > now()
              and\s""" + LIVING;

    private static final String STILL_GOOD = """
            select c.number, a.permissions
            from unnest(cast(:sessions as text[]), cast(:ends as timestamptz[]))
                 with ordinality as c (session, ends_at, number)
            join sessions s on s.id = c.session
            join authorities a on a.user_id = s.user_id
            left join passwords p on p.user_id = s.user_id
            where c.ends_at > now() and a.is_active and not coalesce(p.generated, false) and\s""" + LIVING;

    private static final String ROTATE = """
            update sessions s set generation = s.generation + 1, refreshed_at = now(),
                   replaced_at = (s.replaced_at || now())[greatest(cardinality(s.replaced_at) - 6, 1):]
            from users u
            where s.id = :session and s.generation = :generation and u.id = s.user_id and u.is_active
              and\s""" + LIVING + "returning s.user_id, u.company_id, now() as now";

    private static final String CURRENT = """
            select s.user_id, u.company_id, now() as now
            from sessions s join users u on u.id = s.user_id
            where s.id = :session and s.generation = :generation and u.is_active and\s""" + LIVING;

    // Tabs may refresh at once, an answer may be lost: a secret is good for half a minute after it was replaced.
    // The row keeps when the last eight were replaced, the newest last.
    private static final String OVERLAP = """
            select s.user_id, u.company_id, now() as now
            from sessions s join users u on u.id = s.user_id
            where s.id = :session and s.generation > :generation
              and s.replaced_at[cardinality(s.replaced_at) - s.generation + :generation + 1] > now() - interval '30 seconds'
              and u.is_active and\s""" + LIVING;

    private static final String END = """
            update sessions s set ended_at = now() from users u
            where s.id = :session and s.ended_at is null and u.id = s.user_id
            returning s.user_id, u.company_id, s.generation
            """;

    /** An access token, and the secret for the next one where a new one was made. */
    record Tokens(String access, @Nullable RefreshSecret refresh) {}

    private final JdbcClient jdbc;
    private final AccessTokens accessTokens;
    private final KeyRegistry keys;
    private final SignInNetworks networks;
    private final AuditLog log;
    private final Clock clock;

    SessionService(
            JdbcClient jdbc,
            AccessTokens accessTokens,
            KeyRegistry keys,
            SignInNetworks networks,
            AuditLog log,
            Clock clock) {
        this.jdbc = jdbc;
        this.accessTokens = accessTokens;
        this.keys = keys;
        this.networks = networks;
        this.log = log;
        this.clock = clock;
    }

    /** The caller that the access token stands for, while its session lives. 401 for any other. */
    public Caller verify(String bearer, String address) {
        Access access = accessTokens.read(bearer);
        return jdbc.sql(FIND)
                .param("session", access.session())
                .param("user", access.user())
                .param("expires", Rows.time(access.expiresAt()))
                .query((row, number) -> Caller.person(
                        row.getString("company_id"),
                        row.getString("user_id"),
                        row.getString("id"),
                        new Permissions(Set.copyOf(Rows.texts(row, "permissions"))),
                        address,
                        row.getBoolean("generated"),
                        access.expiresAt()))
                .optional()
                .orElseThrow(Problem.INVALID_TOKEN::with);
    }

    /** What each of these callers, who came through a session, may do by now. Who would not be let in is not among them. */
    public Map<Caller, Permissions> stillGood(Collection<Caller> callers) {
        Map<Caller, Permissions> good = new HashMap<>();
        if (!callers.isEmpty()) {
            List<Caller> numbered = List.copyOf(callers);
            jdbc.sql(STILL_GOOD)
                    .param("sessions", numbered.stream().map(Caller::credential).toArray(String[]::new))
                    .param(
                            "ends",
                            numbered.stream()
                                    .map(caller -> caller.endsAt() == null
                                            ? null
                                            : Rows.time(caller.endsAt()).toString())
                                    .toArray(String[]::new))
                    .query(row -> {
                        good.put(
                                numbered.get(row.getInt("number") - 1),
                                new Permissions(Set.copyOf(Rows.texts(row, "permissions"))));
                    });
        }
        return good;
    }

    /**
     * Begins a session for who knew the password with that hash. It must be the password still: one that was replaced while
     * it was being checked opens nothing.
     */
    @Transactional
    Tokens begin(String company, String user, String hash, String address) {
        String session = Ids.next(clock.instant());
        Instant now = jdbc.sql("""
                        with still as (
                            select u.id from users u join passwords p on p.user_id = u.id
                            where u.id = :user and u.is_active and p.hash = :hash for share)
                        insert into sessions (id, user_id, generation, refreshed_at, created_at)
                        select :session, id, 0, now(), now() from still returning created_at
                        """)
                .param("session", session)
                .param("user", user)
                .param("hash", hash)
                .query((row, number) -> Rows.instant(row, "created_at"))
                .optional()
                .orElseThrow(Problem.SIGNIN_FAILED::with);
        Caller caller = Caller.person(company, user, session, Permissions.NONE, address, false, null);
        networks.add(user, address);
        log.happened(caller, Event.SIGNIN, "User", user);
        return new Tokens(accessTokens.issue(session, user, company, now), new RefreshSecret(session, 0));
    }

    /** Continues a session. A secret that was replaced more than half a minute ago was copied: it ends the session. */
    @Transactional(noRollbackFor = ProblemException.class)
    Tokens refresh(String text, String address) {
        RefreshSecret secret = RefreshSecret.parse(text, keys);
        if (secret == null) {
            throw Problem.SESSION_ENDED.with();
        }
        Living rotated = living(ROTATE, secret);
        if (rotated != null) {
            return new Tokens(access(secret, rotated), secret.next());
        }
        Living overlapping = living(OVERLAP, secret);
        if (overlapping != null) {
            return new Tokens(access(secret, overlapping), null);
        }
        end(secret, address);
        throw Problem.SESSION_ENDED.with();
    }

    /** Ends this session, or all of the user's. */
    @Transactional
    void signOut(Caller caller, boolean everywhere) {
        if (everywhere) {
            endOthers(caller.user(), null);
        } else if (caller.session() != null) {
            jdbc.sql(END).param("session", caller.session()).query().listOfRows();
        }
        log.happened(caller, Event.SIGNOUT, "User", caller.user());
    }

    /** The caller whose living session the refresh secret is of. 401 for any other; a copied one ends its session. */
    @Transactional(noRollbackFor = ProblemException.class)
    Caller caller(String text, String address) {
        RefreshSecret secret = RefreshSecret.parse(text, keys);
        if (secret == null) {
            throw Problem.SESSION_ENDED.with();
        }
        Living living = living(CURRENT, secret);
        if (living == null) {
            living = living(OVERLAP, secret);
        }
        if (living == null) {
            end(secret, address);
            throw Problem.SESSION_ENDED.with();
        }
        return Caller.person(living.company(), living.user(), secret.session(), Permissions.NONE, address, false, null);
    }

    /** Ends all sessions of the user but the one that is kept. */
    void endOthers(String user, @Nullable String kept) {
        jdbc.sql("update sessions set ended_at = now() where user_id = :user and ended_at is null and id <> :kept")
                .param("user", user)
                .param("kept", kept == null ? "" : kept)
                .update();
    }

    /** Ends the session of a secret that is no longer good. One that was replaced leaves a trace: someone copied it. */
    private void end(RefreshSecret secret, String address) {
        jdbc.sql(END).param("session", secret.session()).query(row -> {
            if (row.getInt("generation") > secret.generation()) {
                replayed(secret, row.getString("company_id"), row.getString("user_id"), address);
            }
        });
    }

    private void replayed(RefreshSecret secret, String company, String user, String address) {
        LOG.warn("A replaced refresh secret was used again: session {} of user {} ended", secret.session(), user);
        Caller caller = Caller.person(company, user, secret.session(), Permissions.NONE, address, false, null);
        log.happened(caller, Event.REFRESH_REPLAYED, "Session", secret.session());
    }

    /** What has ended tells nobody anything after a while; who signed in and out stands in the log. */
    @Scheduled(fixedDelayString = "PT1H")
    void forgetWhatHasEnded() {
        CleanUp.delete(jdbc, "sessions", "created_at < now() - interval '31 days'");
    }

    private record Living(String user, String company, Instant now) {
        static Living row(ResultSet row, int number) throws SQLException {
            return new Living(row.getString("user_id"), row.getString("company_id"), Rows.instant(row, "now"));
        }
    }

    private @Nullable Living living(String sql, RefreshSecret secret) {
        return jdbc.sql(sql)
                .param("session", secret.session())
                .param("generation", secret.generation())
                .query(Living::row)
                .optional()
                .orElse(null);
    }

    private String access(RefreshSecret secret, Living living) {
        return accessTokens.issue(secret.session(), living.user(), living.company(), living.now());
    }
}
