package dev.signet.setup;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.channel.ChannelService;
import dev.signet.company.Company;
import dev.signet.company.CompanyService;
import dev.signet.platform.Names;
import dev.signet.role.AccessRole;
import dev.signet.role.RoleService;
import dev.signet.session.AccountService;
import dev.signet.user.PersonService;
import dev.signet.user.User;
import dev.signet.user.User.FullName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes companies: each with its seeded roles, its first administrator and its first channel. */
@Service
class CompanyCreation {

    /** Only one node creates the first company of an empty database; the others wait, and find it. */
    private static final long LOCK = 0x5167_6E65_74L;

    /** What the first administrator signs in with; the password only where it was generated. */
    record FirstSignIn(
            Company company, String email, @Nullable String generatedPassword) {}

    private final CompanyService companies;
    private final RoleService roles;
    private final PersonService people;
    private final AccountService accounts;
    private final ChannelService channels;
    private final AuditLog log;
    private final JdbcClient jdbc;

    CompanyCreation(
            CompanyService companies,
            RoleService roles,
            PersonService people,
            AccountService accounts,
            ChannelService channels,
            AuditLog log,
            JdbcClient jdbc) {
        this.companies = companies;
        this.roles = roles;
        this.people = people;
        this.accounts = accounts;
        this.channels = channels;
        this.log = log;
        this.jdbc = jdbc;
    }

    /** Creates the first company, unless there is one. */
    @Transactional
    Optional<FirstSignIn> createFirst(String name, String adminEmail, @Nullable String adminPassword) {
        jdbc.sql("select pg_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query()
                .singleRow();
        return companies.isAny() ? Optional.empty() : Optional.of(create(name, adminEmail, adminPassword));
    }

    /** Creates a company. Without a password one is generated, to be changed at the first sign-in. */
    @Transactional
    FirstSignIn create(String name, String adminEmail, @Nullable String adminPassword) {
        Company company = companies.create(Names.clean(name));
        AccessRole fullAdmin = roles.seed(company.id());
        User admin = people.createFirst(
                company.id(),
                adminEmail,
                new FullName("Administrator", "Administrator", "", ""),
                List.of(fullAdmin.id()));
        Caller operator = Caller.atTerminal(company.id(), admin.id());
        log.changed(operator, Event.CREATE, "Company", company.id(), null, company);
        log.changed(operator, Event.CREATE, "User", admin.id(), null, admin);
        channels.openGeneral(company.id(), admin.id());
        if (adminPassword == null) {
            return new FirstSignIn(company, adminEmail, accounts.generatePassword(operator, admin.id(), null));
        }
        accounts.choosePassword(admin, adminPassword);
        return new FirstSignIn(company, adminEmail, null);
    }
}
