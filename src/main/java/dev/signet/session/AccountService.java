package dev.signet.session;

import dev.signet.access.Bounds;
import dev.signet.access.Caller;
import dev.signet.access.Permit;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.session.SessionService.Tokens;
import dev.signet.user.PersonService;
import dev.signet.user.User;
import dev.signet.user.UserService;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Signing in by e-mail and password, and changing the password. */
@Service
public class AccountService {

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

    /** Signs in. Wrong e-mail, wrong password and inactive account get one same answer, after the same work. */
    Tokens signIn(String email, String password, String address) {
        throttle.take(email, address);
        Optional<Account> account = find(email);
        boolean right = passwords.matches(password, account.map(Account::hash).orElse(null));
        if (account.isEmpty() || !right || !account.get().active()) {
            log.signInFailed(
                    account.map(Account::company).orElse(null),
                    account.map(Account::user).orElse(null),
                    address);
            throw Problem.SIGNIN_FAILED.with();
        }
        throttle.refund(email, address);
        return sessions.begin(
                account.get().company(), account.get().user(), account.get().hash(), address);
    }

    /** Changes one's own password and ends one's other sessions. */
    void changePassword(Caller caller, String current, String next) {
        User user = users.get(caller.company(), caller.user());
        throttle.take(user.email(), caller.address());
        String checked = find(user.email()).map(Account::hash).orElse(null);
        if (!passwords.matches(current, checked) || checked == null) {
            throw ProblemException.invalid("current", "wrong_password");
        }
        throttle.refund(user.email(), caller.address());
        passwords.requireGood("next", next, known(user));
        if (next.equals(current)) {
            throw ProblemException.invalid("next", "same_password");
        }
        // before the transaction: hashing may wait, and a connection is not to wait with it
        String hash = passwords.hash(next);
        transaction.executeWithoutResult(status -> {
            passwords.replace(user.id(), checked, hash);
            sessions.endOthers(user.id(), caller.session());
            log.happened(caller, Event.PASSWORD, "User", user.id());
        });
    }

    /** Gives a new account a password of its own choice. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void choosePassword(User user, String password) {
        passwords.requireGood("password", password, known(user));
        passwords.set(user.id(), passwords.hash(password), false);
    }

    /** Gives the person a generated password, which must be changed after the next sign-in, and ends all their sessions. */
    public String generatePassword(Caller by, String person) {
        people.requireMayTakeOver(by, person);
        String password = passwords.generate(Permit.of(by, Bounds.NONE));
        String hash = passwords.hash(password);
        transaction.executeWithoutResult(status -> {
            // again, now that their row stays held: they may have been given more meanwhile
            people.requireMayTakeOver(by, person);
            passwords.set(person, hash, true);
            sessions.endOthers(person, null);
            log.happened(by, Event.PASSWORD, "User", person);
        });
        return password;
    }

    private Optional<Account> find(String email) {
        return jdbc.sql("""
                        select u.company_id, u.id, u.is_active, p.hash
                        from users u join passwords p on p.user_id = u.id
                        where lower(u.email) = lower(:email)
                        """)
                .param("email", email)
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
