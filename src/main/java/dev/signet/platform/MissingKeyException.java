package dev.signet.platform;

/**
 * This node lacks a key that the installation uses: the bearer may be right, and cannot be verified here. Answered with 503,
 * since a 401 would tell a rightful caller to give up.
 */
public final class MissingKeyException extends RuntimeException {

    MissingKeyException(String keyId) {
        super("key " + keyId + " is not in this node's SIGNET_KEYS", null, false, false);
    }
}
