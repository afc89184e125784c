package dev.signet.avatar;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import net.coobird.thumbnailator.util.exif.ExifFilterUtils;
import net.coobird.thumbnailator.util.exif.ExifUtils;
import net.coobird.thumbnailator.util.exif.Orientation;

/** Which way up a camera was held, which a JPEG says in a segment of EXIF. */
final class Orientations {

    private static final int START = 0xffd8;
    private static final int APPLICATION = 0xffe1;
    private static final int SCAN = 0xffda;

    private Orientations() {}

    /** The pixels, turned as the upload that they came from says, if it does. */
    static BufferedImage upright(BufferedImage pixels, byte[] upload) {
        return ExifFilterUtils.getFilterForOrientation(of(ByteBuffer.wrap(upload)))
                .apply(pixels);
    }

    private static Orientation of(ByteBuffer upload) {
        try {
            if (unsigned(upload) == START) {
                for (int marker = unsigned(upload); marker != SCAN; marker = unsigned(upload)) {
                    byte[] segment = new byte[unsigned(upload) - Short.BYTES];
                    upload.get(segment);
                    Orientation orientation = marker == APPLICATION ? ExifUtils.getOrientationFromExif(segment) : null;
                    if (orientation != null) {
                        return orientation;
                    }
                }
            }
        } catch (RuntimeException odd) {
            // no picture is worse for what it says of itself
        }
        return Orientation.TOP_LEFT;
    }

    private static int unsigned(ByteBuffer bytes) {
        return Short.toUnsignedInt(bytes.getShort());
    }
}
