package dev.signet.avatar;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOException;

/**
 * The pictures in a WebP (RFC 9649). An extended one says its sides twice, on its canvas and in the frame of pixels; its reader
 * tells those of the canvas and then makes room for those of the frame.
 */
final class WebpFrames {

    private static final int FLAGS = 20;
    private static final int ANIMATED = 0x02;
    private static final int EXTENDED_HEADER = 30;
    private static final int ANIMATION_FRAME_HEADER = 16;

    /** What a key frame of VP8 (RFC 6386) has before its sides, and one of VP8L. */
    private static final int LOSSY_START = 0x2a019d;

    private static final int LOSSLESS_START = 0x2f;

    private static final int SIDE_BITS = 14;
    private static final int SIDE = (1 << SIDE_BITS) - 1;

    record Chunk(String name, ByteBuffer content) {}

    private WebpFrames() {}

    /** Refuses frames of other sides than those that the reader tells of the first picture, as browsers do. */
    static void requireSides(int width, int height, byte[] upload) throws IIOException {
        ByteBuffer file = littleEndian(ByteBuffer.wrap(upload));
        file.limit(2 * Integer.BYTES + file.getInt(Integer.BYTES));
        if (!next(file.position(12)).name().equals("VP8X")) {
            // its one frame is what the reader asked
            return;
        }
        ByteBuffer chunks = file.position(EXTENDED_HEADER);
        if ((file.get(FLAGS) & ANIMATED) != 0) {
            chunks = firstOfAnimation(chunks);
        }
        while (chunks.hasRemaining()) {
            Chunk chunk = next(chunks);
            switch (chunk.name()) {
                case "VP8 " -> requireLossy(width, height, chunk.content());
                case "VP8L" -> requireLossless(width, height, chunk.content());
                default -> {}
            }
        }
    }

    private static ByteBuffer firstOfAnimation(ByteBuffer chunks) {
        Chunk chunk = next(chunks);
        while (!chunk.name().equals("ANMF")) {
            chunk = next(chunks);
        }
        return chunk.content().position(ANIMATION_FRAME_HEADER);
    }

    private static void requireLossy(int width, int height, ByteBuffer frame) throws IIOException {
        require((frame.getInt(2) >>> 8) == LOSSY_START);
        require((frame.getShort(6) & SIDE) == width && (frame.getShort(8) & SIDE) == height);
    }

    private static void requireLossless(int width, int height, ByteBuffer frame) throws IIOException {
        int sides = frame.getInt(1);
        require(frame.get(0) == LOSSLESS_START);
        require((sides & SIDE) + 1 == width && (sides >>> SIDE_BITS & SIDE) + 1 == height);
    }

    private static void require(boolean holds) throws IIOException {
        if (!holds) {
            throw new IIOException("not the frame of this canvas");
        }
    }

    /** Fails where it is not whole, so that nobody reads past it. */
    static Chunk next(ByteBuffer chunks) {
        byte[] name = new byte[Integer.BYTES];
        chunks.get(name);
        int length = chunks.getInt();
        ByteBuffer content = littleEndian(chunks.slice(chunks.position(), length));
        int padded = length + (length & 1);
        chunks.position(chunks.position() + Math.min(padded, chunks.remaining()));
        return new Chunk(new String(name, StandardCharsets.US_ASCII), content);
    }

    static ByteBuffer littleEndian(ByteBuffer bytes) {
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }
}
