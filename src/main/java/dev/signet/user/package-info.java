/** People and bots: who they are, and which access roles they hold. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "audit", "avatar", "company", "role"})
package dev.signet.user;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
