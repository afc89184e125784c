package dev.signet.security;

import java.time.Duration;

/**
 * A connection on which it is the client's turn: to send, or to read.
 *
 * @param address the client's IP address
 * @param age how long the client has taken so far
 */
record Waiting<C>(C connection, String address, Duration age) {}
