package dev.signet.setup;

import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** How the driver connects outside the pools: with their properties (TLS, say), but without the time-out of their reads. */
final class DriverSettings {

    private static final String POOLS = "spring.datasource.hikari.data-source-properties";

    private DriverSettings() {}

    static Properties of(Environment environment, @Nullable String username, @Nullable String password) {
        Properties settings = new Properties();
        settings.putAll(Binder.get(environment)
                .bind(POOLS, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of()));
        settings.remove("socketTimeout");
        put(settings, "user", username);
        put(settings, "password", password);
        return settings;
    }

    private static void put(Properties settings, String name, @Nullable String value) {
        if (value != null) {
            settings.setProperty(name, value);
        }
    }
}
