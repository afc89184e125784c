/** What the API says about itself: the API document (OpenAPI 3.1). */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access"})
package dev.signet.reference;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
