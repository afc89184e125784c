package dev.signet.setup;

import dev.signet.platform.Keys;
import dev.signet.platform.StartRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The keys come from outside, and only beside an embedded database are they made: next to an external one, keys made
 * anew with each deployment would end every token that was given out before.
 */
@Configuration(proxyBeanMethods = false)
class KeysConfiguration {

    @Bean
    Keys keys(Environment environment, ObjectProvider<EmbeddedDatabase> embedded) {
        String given = environment.getProperty("signet.keys", "");
        if (!given.isBlank()) {
            return Keys.parse(given);
        }
        EmbeddedDatabase database = embedded.getIfAvailable();
        if (database == null) {
            throw StartCheck.noKeys();
        }
        try {
            return kept(database.folder());
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The key file " + database.folder().keyFile() + " cannot be used (" + e + ").",
                    "See that this user may read and write it, or set SIGNET_KEYS.");
        }
    }

    static Keys kept(DataFolder folder) throws IOException {
        Path file = folder.keyFile();
        if (Files.notExists(file)) {
            if (!folder.owned()) {
                throw new StartRefusedException(
                        "The Signet that runs on the data folder " + folder + " was given its keys by SIGNET_KEYS.",
                        "Set SIGNET_KEYS to the same for this command.");
            }
            OwnerOnly.write(file, newKey());
        }
        try {
            return Keys.parse(Files.readString(file).strip());
        } catch (StartRefusedException e) {
            throw new StartRefusedException(
                    "The key file " + file + " does not hold a key.",
                    "Put it back from a backup of the data folder, or set SIGNET_KEYS to what it held: "
                            + "stored tokens are good only with that key.");
        }
    }

    private static String newKey() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }
}
