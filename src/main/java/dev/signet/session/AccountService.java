package dev.signet.session;

import dev.signet.access.Bounds;
import dev.signet.access.Caller;
import dev.signet.access.Permit;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.platform.EmailAddress;
import dev.signet.platform.HeavyWork.Client;
import dev.signet.platform.IfMatch;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.session.SessionService.Tokens;
import dev.signet.session.Throttle.Attempt;
import dev.signet.user.PersonService;
import dev.signet.user.User;
import dev.signet.user.UserService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Signing in by e-mail and password, and changing the password. */
@Service
public class AccountService {

    private static final Logger LOG = LoggerFactory.getLogger(AccountService.class);
    private static final String CHANGE_PASSWORD = "PUT /api/v2/users/me/password";
    private static final String WRONG_PASSWORD = "wrong_password";

    private final JdbcClient jdbc;
    private final Passwords passwords;
    private final Throttle throttle;
    private final SessionService sessions;
    private final UserService users;
    private final PersonService people;
    private final AuditLog log;
    private final TransactionTemplate transaction;

    AccountService(
            JdbcClient jdbc,
            Passwords passwords,
            Throttle throttle,
            SessionService sessions,
            UserService users,
            PersonService people,
            AuditLog log,
            TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.passwords = passwords;
        this.throttle = throttle;
        this.sessions = sessions;
        this.users = users;
        this.people = people;
        this.log = log;
        this.transaction = transaction;
    }

    private record Account(String company, String user, boolean active, String hash) {}

    /** Signs in. Wrong e-mail, wrong password and inactive account get the same answer, after the same work. */
    Tokens signIn(String email, String password, String address) {
        Attempt attempt = throttle.signIn(email, address);
        Account account = throttle.guess(attempt, () -> {
                    Optional<Account> found = find(email);
                    Client client = found.filter(known -> attempt.fromKnownNetwork())
                            .map(known -> Client.of(known.company(), known.user()))
                            .orElseGet(() -> Client.stranger(address));
                    boolean right = passwords.matches(
                            client, password, found.map(Account::hash).orElse(null));
                    if (right && found.filter(Account::active).isPresent()) {
                        return found;
                    }
                    log.signInFailed(
                            found.map(Account::company).orElse(null),
                            found.map(Account::user).orElse(null),
                            address);
                    return Optional.empty();
                })
                .orElseThrow(Problem.SIGNIN_FAILED::with);
        return sessions.begin(account.company(), account.user(), account.hash(), address);
    }

    /** Changes the caller's own password and ends the caller's other sessions. */
    void changePassword(Caller caller, String session, @Nullable IfMatch precondition, String current, String next) {
        User user = users.get(caller.company(), caller.user());
        IfMatch.check(precondition, user.version());
        String checked = throttle.guess(throttle.passwordChange(session), () -> {
                    Optional<String> hash = passwordHash(user);
                    if (passwords.matches(client(user), current, hash.orElse(null))) {
                        return hash;
                    }
                    LOG.warn("A session of user {} gave a wrong current password", user.id());
                    log.refused(caller, CHANGE_PASSWORD, Map.of("code", WRONG_PASSWORD));
                    return Optional.empty();
                })
                .orElseThrow(() -> ProblemException.invalid("current", WRONG_PASSWORD));
        if (next.equals(current)) {
            throw ProblemException.invalid("next", "same_password");
        }
        throttle.newPassword(user.id());
        passwords.requireGood(client(user), "next", next, known(user));
        // before the transaction: hashing may wait, and a connection is not to wait with it
        String hash = passwords.hash(client(user), next);
        transaction.executeWithoutResult(status -> {
            people.requireUnchanged(user.company().id(), user.id(), precondition);
            passwords.replace(user.id(), checked, hash);
            sessions.endOthers(user.id(), session);
            log.happened(caller, Event.PASSWORD, "User", user.id());
        });
    }

    private static Client client(User user) {
        return Client.of(user.company().id(), user.id());
    }

    /** Gives a new account a password of its own choice. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void choosePassword(User user, String password) {
        passwords.requireGood(client(user), "password", password, known(user));
        passwords.set(user.id(), passwords.hash(client(user), password), false);
    }

    /** Gives the person a generated password, which must be changed after the next sign-in, and ends all their sessions. */
    public String generatePassword(Caller by, String person, @Nullable IfMatch precondition) {
        people.requireMayTakeOver(by, person, precondition);
        String password = passwords.generate(Permit.of(by, Bounds.NONE));
        String hash = passwords.hash(Client.of(by.company(), person), password);
        transaction.executeWithoutResult(status -> {
            // again, now that the row stays locked: it may have changed meanwhile
            people.requireMayTakeOver(by, person, precondition);
            passwords.set(person, hash, true);
            sessions.endOthers(person, null);
            log.happened(by, Event.PASSWORD, "User", person);
        });
        return password;
    }

    private Optional<String> passwordHash(User user) {
        return jdbc.sql("select hash from passwords where user_id = :user")
                .param("user", user.id())
                .query(String.class)
                .optional();
    }

    private Optional<Account> find(String email) {
        return jdbc.sql("""
                        select u.company_id, u.id, u.is_active, p.hash
                        from users u join passwords p on p.user_id = u.id
                        where u.email_key = :emailKey
                        """)
                .param("emailKey", EmailAddress.key(email))
                .query((row, number) -> new Account(
                        row.getString("company_id"),
                        row.getString("id"),
                        row.getBoolean("is_active"),
                        row.getString("hash")))
                .optional();
    }

    private static List<String> known(User user) {
        return List.of(
                user.email(),
                user.name().displayName(),
                user.name().names(),
                user.name().lastName(),
                user.company().displayName(),
                "signet");
    }
}
