/** People signing in: passwords, sessions and the access tokens that they live by. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "audit", "company", "user"})
package dev.signet.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
