package dev.signet.avatar;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.coobird.thumbnailator.Thumbnails;
import net.coobird.thumbnailator.geometry.Positions;

/** A picture made anew from pixels, in its three sizes: JPEG where it is opaque, else PNG. */
@SuppressWarnings("ArrayRecordComponent") // never compared or printed
record Picture(String mediaType, byte[] small, byte[] square, byte[] original) {

    private static final int SMALL = 48;
    private static final int SQUARE = 192;
    private static final int ORIGINAL = 1024;
    private static final double QUALITY = 0.9;

    static Picture of(BufferedImage pixels) {
        String format = isOpaque(pixels) ? "jpeg" : "png";
        try {
            return new Picture(
                    "image/" + format,
                    encoded(square(pixels, SMALL), format),
                    encoded(square(pixels, SQUARE), format),
                    encoded(pixels, format));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same in a common kind of pixels, with its longer side as long as the original may have. Never enlarged. */
    static BufferedImage scaled(BufferedImage pixels) throws IOException {
        Thumbnails.Builder<BufferedImage> scaled = Thumbnails.of(pixels).imageType(BufferedImage.TYPE_INT_ARGB);
        return Math.max(pixels.getWidth(), pixels.getHeight()) > ORIGINAL
                ? scaled.size(ORIGINAL, ORIGINAL).asBufferedImage()
                : scaled.scale(1).asBufferedImage();
    }

    private static BufferedImage square(BufferedImage pixels, int side) throws IOException {
        return Thumbnails.of(pixels)
                .size(side, side)
                .crop(Positions.CENTER)
                .imageType(BufferedImage.TYPE_INT_ARGB)
                .asBufferedImage();
    }

    private static byte[] encoded(BufferedImage pixels, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Thumbnails.of(pixels)
                .scale(1)
                .outputFormat(format)
                .outputQuality(QUALITY)
                .toOutputStream(bytes);
        return bytes.toByteArray();
    }

    private static boolean isOpaque(BufferedImage pixels) {
        for (int y = 0; y < pixels.getHeight(); y++) {
            for (int x = 0; x < pixels.getWidth(); x++) {
                if (pixels.getRGB(x, y) >>> 24 != 0xff) {
                    return false;
                }
            }
        }
        return true;
    }
}
