package dev.signet.setup;

import java.util.Arrays;
import java.util.Optional;

/** What can be done at the terminal besides running the service. */
enum Command {
    PASSWORD_RESET("password-reset"),
    COMPANY_CREATE("company-create"),
    HELP("help");

    static final String USAGE = """
            Signet's terminal commands, also beside a running service:

            password-reset <e-mail>
                gives the account a new password, printed once, and ends its sessions
            company-create --name <name> --admin-email <e-mail>
                makes another company in this installation and prints its sign-in once
            help
                this page

            Without a command the service runs.
            """;

    private final String word;

    Command(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static Optional<Command> of(String word) {
        return Arrays.stream(values())
                .filter(command -> command.word.equals(word))
                .findFirst();
    }
}
