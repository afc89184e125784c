/** The tenant: its name, and the switch that all its people and bots hang on. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "audit"})
package dev.signet.company;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
