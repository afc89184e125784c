package dev.signet.setup;

import dev.signet.platform.StartRefusedException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/** The names of Signet's own settings. A mistyped one would otherwise have no effect, and nobody would notice. */
final class SettingNames {

    static final Set<String> ALL = new TreeSet<>(Set.of(
            "SIGNET_DATA_DIR",
            "SIGNET_KEYS",
            "SIGNET_ADMIN_EMAIL",
            "SIGNET_ADMIN_PASSWORD",
            "SIGNET_COMPANY_NAME",
            "SIGNET_PUBLIC_URL",
            "SIGNET_TRUSTED_PROXIES",
            "SIGNET_ALLOWED_ORIGINS",
            "SIGNET_MAX_LIVING_TOKENS",
            "SIGNET_SHUTDOWN_DELAY"));

    /** Set by {@link Start} for the terminal commands. */
    private static final String COMMAND = "SIGNET_COMMAND";

    private static final String PREFIX = "SIGNET_";

    /** What Kubernetes sets in every container beside a service called signet or signet-something. */
    private static final Pattern OF_KUBERNETES = Pattern.compile(
            "SIGNET_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

    private SettingNames() {}

    /** Rejects a setting that Signet does not have, wherever it comes from: environment, arguments, or a file of secrets. */
    static void requireKnown(ConfigurableEnvironment environment) {
        environment.getPropertySources().stream()
                .flatMap(source -> source instanceof EnumerablePropertySource<?> named
                        ? Stream.of(named.getPropertyNames())
                        : Stream.empty())
                .map(name -> name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'))
                .filter(name -> name.startsWith(PREFIX)
                        && !ALL.contains(name)
                        && !name.equals(COMMAND)
                        && !OF_KUBERNETES.matcher(name).matches())
                .findFirst()
                .ifPresent(name -> {
                    throw new StartRefusedException(
                            "Signet has no setting " + name + ".",
                            "Correct the name or remove it. The settings are: " + String.join(", ", ALL) + ".");
                });
    }
}
