package dev.signet.company;

import org.jspecify.annotations.Nullable;

/**
 * What a company asks of API tokens that are made or prolonged from now on; null asks nothing.
 *
 * @param maxLifetimeDays how long one may live at most
 * @param defaultLifetimeDays how long one lives whose end nobody chose; never more than the longest
 * @param requireAllowedIps whether each must say from which addresses it may be used
 */
public record TokenPolicy(
        @Nullable Integer maxLifetimeDays, @Nullable Integer defaultLifetimeDays, boolean requireAllowedIps) {}
