/** Faces: pictures, decoded and made anew, and a coloured disc with initials where there is none. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "audit"})
package dev.signet.avatar;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
