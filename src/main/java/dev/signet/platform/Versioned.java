package dev.signet.platform;

/** A thing with an id and the number of its last change, which is shown as {@code ETag}. */
public interface Versioned {
    String id();

    long version();
}
