/** What every room stands on: ids, lists, problems, names, keys and the clock. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.signet.platform;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
