package dev.signet.setup;

import dev.signet.access.Caller;
import dev.signet.platform.EmailAddress;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Names;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.session.AccountService;
import dev.signet.user.User;
import dev.signet.user.UserService;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Does one terminal command, says what came of it, and ends. */
@Component
@ConditionalOnProperty("signet.command")
class Commands implements ApplicationRunner, ExitCodeGenerator {

    private final CompanyCreation companies;
    private final UserService users;
    private final AccountService accounts;
    private int exitCode;

    Commands(CompanyCreation companies, UserService users, AccountService accounts) {
        this.companies = companies;
        this.users = users;
        this.accounts = accounts;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        List<String> words = arguments.getNonOptionArgs();
        switch (Command.of(words.getFirst()).orElse(Command.HELP)) {
            case PASSWORD_RESET -> resetPassword(words);
            case COMPANY_CREATE -> createCompany(option(arguments, "name"), option(arguments, "admin-email"));
            case HELP -> Terminal.print(Command.USAGE);
        }
    }

    @Override
    public int getExitCode() {
        return exitCode;
    }

    private void resetPassword(List<String> words) {
        if (words.size() != 2) {
            refuse("Which account? password-reset <e-mail>");
            return;
        }
        Optional<String> password = users.findPerson(words.get(1)).map(this::reset);
        if (password.isEmpty()) {
            refuse("No person has the e-mail " + words.get(1));
        } else {
            Terminal.print("E-mail    %s\nPassword  %s\n\nShown this once; it must be changed after signing in."
                    .formatted(words.get(1), password.get()));
        }
    }

    private String reset(User person) {
        return accounts.generatePassword(Caller.atTerminal(person.company().id(), person.id()), person.id(), null);
    }

    private void createCompany(@Nullable String name, @Nullable String email) {
        if (name == null || email == null) {
            refuse("Say both: company-create --name <name> --admin-email <e-mail>");
            return;
        }
        if (!Names.isName(name)) {
            refuse("That is no name: a name has " + Terminal.NAMES);
            return;
        }
        String address = EmailAddress.canonical(email);
        if (address == null) {
            refuse(email + " is no e-mail address");
            return;
        }
        try {
            Terminal.print(Terminal.signIn(companies.create(name, address, null), "as before"));
        } catch (ProblemException refused) {
            if (refused.problem() != Problem.EMAIL_TAKEN) {
                throw refused;
            }
            refuse("The e-mail " + email + " belongs to an account already");
        }
    }

    private void refuse(String why) {
        Terminal.print(why);
        exitCode = 1;
    }

    /** As people type options: {@code --name X} as well as {@code --name=X}. */
    private static @Nullable String option(ApplicationArguments arguments, String name) {
        List<String> words = List.of(arguments.getSourceArgs());
        int at = words.indexOf("--" + name);
        if (at >= 0 && at + 1 < words.size()) {
            return ListQuery.presence(words.get(at + 1));
        }
        List<String> values = arguments.getOptionValues(name);
        return values == null || values.isEmpty() ? null : ListQuery.presence(values.getFirst());
    }
}
