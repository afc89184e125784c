package dev.signet.platform;

/** The one file of a form, as a handler's parameter. Its name and its type are the client's words and are not kept. */
@SuppressWarnings("ArrayRecordComponent") // never compared or printed
public record Upload(byte[] bytes) {}
