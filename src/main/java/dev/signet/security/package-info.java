/** The doors: a bearer token becomes a caller, and every route is closed unless it says otherwise. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "audit", "session", "token"})
package dev.signet.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
