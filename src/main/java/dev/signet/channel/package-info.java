/** Channels, where people and bots talk. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access"})
package dev.signet.channel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
