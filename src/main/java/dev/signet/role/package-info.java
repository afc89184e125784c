/** Access roles: named sets of permissions, and the catalogue that they are made of. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "audit"})
package dev.signet.role;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
