package dev.signet.platform;

/**
 * A bean that is made from settings alone. All of them are created before the database is migrated, so an invalid setting
 * stops the start with nothing changed.
 */
public interface Setting {}
