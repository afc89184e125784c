package dev.signet.platform;

/**
 * How the heap is shared out among what clients can make the service hold, so that all of it together fits (decision record
 * 13). Each share is checked before the memory is taken.
 */
public final class Shares {

    /** What a connection holds while a handler waits for the body of its request, as measured. One that waits for a head holds less. */
    private static final int BYTES_OF_A_CONNECTION = 112 * 1024;

    /** More sockets than this serve nobody better, however large the heap is. */
    private static final int MOST_CONNECTIONS = 8_192;

    private static final int FEWEST_CONNECTIONS = 256;

    private Shares() {}

    /** Open connections: a third of the heap. */
    public static int connections() {
        return Math.clamp(heap() / 3 / BYTES_OF_A_CONNECTION, FEWEST_CONNECTIONS, MOST_CONNECTIONS);
    }

    /** Bodies of requests, in bytes as they arrive: a sixteenth of the heap, because parsing may hold them a second time. */
    public static long bodies() {
        return heap() / 16;
    }

    private static long heap() {
        return Runtime.getRuntime().maxMemory();
    }
}
