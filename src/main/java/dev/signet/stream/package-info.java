/** The live stream: what happens in a channel, told at once and in order to those who may read it, on whichever node. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "channel", "message", "session", "token"})
package dev.signet.stream;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
