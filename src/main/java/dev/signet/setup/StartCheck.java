package dev.signet.setup;

import dev.signet.platform.Keys;
import dev.signet.platform.StartRefusedException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/** Checks the names of the settings, the keys, and the external database before anything of the service starts. */
class StartCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String EMBEDDED = "io.zonky.test.db.postgres.embedded.EmbeddedPostgres";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        SettingNames.requireKnown(environment);
        boolean external = !NoExternalDatabase.holdsFor(environment);
        if (!external && !ClassUtils.isPresent(EMBEDDED, context.getClassLoader())) {
            // the packaged jar leaves the embedded database out
            throw new StartRefusedException(
                    "No database is configured, and this build has none of its own.",
                    "Set SPRING_DATASOURCE_URL (jdbc:postgresql://host/database), SPRING_DATASOURCE_USERNAME, "
                            + "SPRING_DATASOURCE_PASSWORD, and SIGNET_KEYS (made by: openssl rand -base64 32).");
        }
        String keys = environment.getProperty("signet.keys", "");
        if (!keys.isBlank()) {
            Keys.parse(keys);
        } else if (external) {
            throw noKeys();
        }
        if (external) {
            new DatabaseCheck(environment).requireUsable();
        }
    }

    static StartRefusedException noKeys() {
        return new StartRefusedException(
                "SIGNET_KEYS is not set, and an external database needs it.",
                "Make a key with: openssl rand -base64 32. Keep it as safe as the database and as long: "
                        + "stored tokens are good only with the key that they were made with.");
    }
}
