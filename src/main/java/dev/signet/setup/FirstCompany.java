package dev.signet.setup;

import dev.signet.platform.EmailAddress;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Names;
import dev.signet.platform.Setting;
import dev.signet.platform.StartRefusedException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The name of the first company and the sign-in of its administrator; without a password, one is generated. */
@Component
class FirstCompany implements Setting {

    final String name;
    final String adminEmail;
    final @Nullable String adminPassword;

    FirstCompany(
            @Value("${signet.company-name:}") String name,
            @Value("${signet.admin-email:}") String adminEmail,
            @Value("${signet.admin-password:}") String adminPassword) {
        // compose files pass variables that are not set as empty ones
        this.name = name.isBlank() ? "Signet" : name;
        String email = EmailAddress.canonical(adminEmail.isBlank() ? "admin@signet.local" : adminEmail);
        this.adminPassword = ListQuery.presence(adminPassword);
        if (!Names.isName(this.name)) {
            throw new StartRefusedException(
                    "SIGNET_COMPANY_NAME is not a valid name.", "A name has " + Terminal.NAMES + ".");
        }
        if (email == null) {
            throw new StartRefusedException(
                    "SIGNET_ADMIN_EMAIL is not an e-mail address: " + adminEmail, "Give one, e.g. ada@example.com.");
        }
        this.adminEmail = email;
    }
}
