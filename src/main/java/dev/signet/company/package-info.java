/** The tenant that people, bots and everything else belong to. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "audit"})
package dev.signet.company;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
