/** Messages: posted once and in order, by people and bots, or by a bot for a person. */
@NullMarked
@ApplicationModule(allowedDependencies = {"platform", "access", "audit", "avatar", "channel", "user"})
package dev.signet.message;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
