package dev.signet.avatar;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** The named parts of a picture's file: chunks of a PNG or a WebP, and segments of a JPEG, whose names are APP0 to APP15. */
final class Parts {

    private static final long PNG = 0x89504e470d0a1a0aL;
    private static final int JPEG = 0xffd8;
    private static final int JPEG_SCAN = 0xffda;
    private static final int JPEG_APPLICATION = 0xffe0;
    private static final int WEBP_HEADER = 12;

    private Parts() {}

    /** The parts of those names, in their order, as far as the file can be read. */
    static List<byte[]> named(byte[] upload, String... names) {
        List<byte[]> found = new ArrayList<>();
        Set<String> wanted = Set.of(names);
        try {
            walk(ByteBuffer.wrap(upload), (name, content) -> {
                if (wanted.contains(name)) {
                    found.add(bytes(content));
                }
            });
        } catch (RuntimeException end) {
            // of the file, or of what is whole in it
        }
        return found;
    }

    private static void walk(ByteBuffer file, BiConsumer<String, ByteBuffer> part) {
        if (file.getLong(0) == PNG) {
            file.position(Long.BYTES);
            while (file.hasRemaining()) {
                int length = file.getInt();
                String name = name(file);
                part.accept(name, next(file, length));
                file.getInt();
            }
        } else if (Short.toUnsignedInt(file.getShort(0)) == JPEG) {
            file.position(Short.BYTES);
            for (int marker = unsigned(file); marker != JPEG_SCAN; marker = unsigned(file)) {
                part.accept("APP" + (marker - JPEG_APPLICATION), next(file, unsigned(file) - Short.BYTES));
            }
        } else if (name(file).equals("RIFF")) {
            file.position(WEBP_HEADER);
            while (file.hasRemaining()) {
                WebpFrames.Chunk chunk = WebpFrames.next(WebpFrames.littleEndian(file));
                part.accept(chunk.name(), chunk.content());
            }
        }
    }

    private static ByteBuffer next(ByteBuffer file, int length) {
        ByteBuffer content = file.slice(file.position(), length);
        file.position(file.position() + length);
        return content;
    }

    private static String name(ByteBuffer file) {
        return new String(bytes(next(file, Integer.BYTES)), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    private static int unsigned(ByteBuffer file) {
        return Short.toUnsignedInt(file.getShort());
    }
}
