/** Channels: where people and bots meet, who is a member, and who may write. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "audit", "user"})
package dev.signet.channel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
