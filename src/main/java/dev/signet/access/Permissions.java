package dev.signet.access;

import dev.signet.platform.ProblemException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What somebody may do: the strings that their active access roles carry. A {@code write} includes its {@code read}; a
 * wildcard holds what it names of the catalogue; a custom string is held only through itself or {@code *}.
 */
public record Permissions(Set<String> granted) {

    /** Everything. */
    public static final String ALL = "*";

    public static final Permissions NONE = new Permissions(Set.of());

    private static final String ADMIN = "admin-";
    private static final String READ = "-read";
    private static final String WRITE = "-write";
    private static final String ADMIN_READ = "admin-*-read";
    private static final String ADMIN_WRITE = "admin-*-write";
    private static final Pattern CUSTOM = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+){1,3}");
    private static final int LONGEST = 120;

    /** All permissions that the service itself asks for, and the wildcards over them. Roles may carry others besides. */
    static final List<String> CATALOGUE = List.of(
            ALL,
            "admin-access",
            "admin-accesscontrol-read",
            "admin-accesscontrol-write",
            "admin-apitokens-read",
            "admin-apitokens-write",
            "admin-auditlogs-read",
            "admin-channels-read",
            "admin-channels-write",
            "admin-company-read",
            "admin-company-write",
            ADMIN_READ,
            ADMIN_WRITE,
            "admin-users-read",
            "admin-users-write",
            "messages-impersonate",
            "messages-read",
            "messages-write",
            "tokens-verify");

    private static final Set<String> KNOWN = Set.copyOf(CATALOGUE);

    /** Whether a role may carry the string. */
    public static boolean isPermission(String text) {
        return KNOWN.contains(text)
                || (text.length() <= LONGEST && CUSTOM.matcher(text).matches());
    }

    /** Those strings that no route requires: custom ones, for other systems, or misspelled ones. */
    public static List<String> unknown(Collection<String> permissions) {
        return permissions.stream()
                .filter(permission -> !KNOWN.contains(permission))
                .distinct()
                .sorted()
                .toList();
    }

    public boolean allows(String permission) {
        if (granted.contains(permission) || granted.contains(ALL)) {
            return true;
        }
        if (!KNOWN.contains(permission)) {
            return false;
        }
        if (permission.endsWith(READ)) {
            return holdsWrite(permission.substring(0, permission.length() - READ.length()) + WRITE)
                    || (permission.startsWith(ADMIN) && granted.contains(ADMIN_READ));
        }
        return permission.endsWith(WRITE) && holdsWrite(permission);
    }

    /** Nobody hands out what they do not hold: refuses with 403 naming what is missing. */
    public void mustHold(Collection<String> permissions) {
        Set<String> missing =
                permissions.stream().filter(permission -> !allows(permission)).collect(Collectors.toSet());
        if (!missing.isEmpty()) {
            throw ProblemException.missing(missing);
        }
    }

    /** Reads a change of what carries the permissions: who may not change it is not told what is wrong with the change. */
    public <T> T reading(Collection<String> carried, Supplier<T> change) {
        try {
            return change.get();
        } catch (RuntimeException invalid) {
            mustHold(carried);
            throw invalid;
        }
    }

    /** All that is allowed, by its exact names: wildcards are written out over the catalogue. */
    public Set<String> writtenOut() {
        Set<String> names = new TreeSet<>(granted);
        CATALOGUE.stream().filter(this::allows).forEach(names::add);
        return names;
    }

    /** What both hold. */
    public Permissions sharedWith(Permissions other) {
        return new Permissions(
                writtenOut().stream().filter(other::allows).collect(Collectors.toCollection(TreeSet::new)));
    }

    private boolean holdsWrite(String write) {
        return granted.contains(write) || (write.startsWith(ADMIN) && granted.contains(ADMIN_WRITE));
    }
}
