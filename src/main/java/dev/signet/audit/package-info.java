/** Every change and every refusal that matters, written in the transaction of the change. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access"})
package dev.signet.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
