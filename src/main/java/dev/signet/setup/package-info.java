/** A first run: the embedded database, keys, the first company and administrator, terminal commands. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"platform", "access", "audit", "company", "role", "user", "session", "channel"})
package dev.signet.setup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
