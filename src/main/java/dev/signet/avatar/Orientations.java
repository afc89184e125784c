package dev.signet.avatar;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.coobird.thumbnailator.util.exif.ExifFilterUtils;
import net.coobird.thumbnailator.util.exif.ExifUtils;
import net.coobird.thumbnailator.util.exif.Orientation;

/** Which way up a camera was held: an EXIF block in a JPEG, a PNG or a WebP says it. */
final class Orientations {

    private static final byte[] START = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private Orientations() {}

    /** The pixels, turned as the upload that they came from says, if it does. */
    static BufferedImage upright(BufferedImage pixels, byte[] upload) {
        return ExifFilterUtils.getFilterForOrientation(of(upload)).apply(pixels);
    }

    private static Orientation of(byte[] upload) {
        for (byte[] block : Parts.named(upload, "APP1", "eXIf", "EXIF")) {
            try {
                Orientation orientation = ExifUtils.getOrientationFromExif(started(block));
                if (orientation != null) {
                    return orientation;
                }
            } catch (RuntimeException odd) {
                // no picture is worse for what it says of itself
            }
        }
        return Orientation.TOP_LEFT;
    }

    /** The block as it stands in a JPEG. In the others it begins with the byte order: II or MM. */
    private static byte[] started(byte[] block) {
        return block[0] == block[1]
                ? ByteBuffer.allocate(START.length + block.length)
                        .put(START)
                        .put(block)
                        .array()
                : block;
    }
}
