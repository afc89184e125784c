package dev.signet.setup;

import dev.signet.platform.ProblemException;
import dev.signet.platform.PublicUrl;
import dev.signet.platform.StartRefusedException;
import dev.signet.setup.CompanyCreation.FirstSignIn;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Prints the address of the service and the first sign-in. On standard output, because a password must not be logged. */
@Component
@ConditionalOnProperty(name = "signet.command", matchIfMissing = true, havingValue = "none")
class FirstRun {

    private final CompanyCreation companies;
    private final PublicUrl publicUrl;
    private final FirstCompany firstCompany;

    FirstRun(CompanyCreation companies, PublicUrl publicUrl, FirstCompany firstCompany) {
        this.companies = companies;
        this.publicUrl = publicUrl;
        this.firstCompany = firstCompany;
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        String address =
                publicUrl.orElse("http://localhost:" + event.getWebServer().getPort());
        Terminal.print(create().map(first -> Terminal.signIn(first, address)).orElse("""
                        Signet runs at %s
                        An administrator exists. A new password for an account: password-reset <e-mail>
                        """.formatted(address)));
    }

    private Optional<FirstSignIn> create() {
        try {
            return companies.createFirst(firstCompany.name, firstCompany.adminEmail, firstCompany.adminPassword);
        } catch (ProblemException tooWeak) {
            throw new StartRefusedException(
                    "SIGNET_ADMIN_PASSWORD is too short or too easily guessed.",
                    "Choose at least 15 characters that are no common phrase, or leave it out to have one generated.");
        }
    }
}
