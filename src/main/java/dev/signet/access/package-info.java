/** Who is calling, what they may do, and which permission each route needs. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform"})
package dev.signet.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
