package dev.signet.setup;

import dev.signet.setup.CompanyCreation.FirstSignIn;
import java.util.Collections;
import java.util.List;

/** What is said to the person at the terminal. */
final class Terminal {

    /** What can be a name. */
    static final String NAMES = "up to 80 characters, none of them hidden, and no word that mixes alphabets";

    private Terminal() {}

    /** Prints the lines in a box. */
    @SuppressWarnings("SystemOut") // this is for the person who started the service, not for its log
    static void print(String text) {
        List<String> lines = text.strip().lines().toList();
        int width = lines.stream().mapToInt(String::length).max().orElse(0);
        String edge = "+" + String.join("", Collections.nCopies(width + 2, "-")) + "+";
        StringBuilder box = new StringBuilder("\n").append(edge).append('\n');
        lines.forEach(line -> box.append("| ")
                .append(line)
                .append(" ".repeat(width - line.length()))
                .append(" |\n"));
        System.out.println(box.append(edge).append('\n'));
        System.out.flush();
    }

    static String signIn(FirstSignIn first, String address) {
        String password = first.generatedPassword() == null
                ? "Password  the one that you chose"
                : "Password  " + first.generatedPassword() + "\n\nShown this once. Choose your own after signing in:\n"
                        + "PUT /api/v2/users/me/password";
        return """
                %s is ready. Sign in:

                Address   %s
                E-mail    %s
                %s
                """.formatted(first.company().displayName(), address, first.email(), password);
    }
}
