/** API tokens: administered by people, verified at every request, taken back at once. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"platform", "access", "audit", "avatar", "channel", "company", "role", "user"})
package dev.signet.token;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
