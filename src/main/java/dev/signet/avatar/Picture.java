package dev.signet.avatar;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.coobird.thumbnailator.Thumbnails;

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

    /** The same as ARGB, with its longer side as long as the original may have. Never enlarged. */
    static BufferedImage scaled(BufferedImage pixels) {
        double factor = Math.min(1, (double) ORIGINAL / Math.max(pixels.getWidth(), pixels.getHeight()));
        return resized(pixels, side(pixels.getWidth() * factor), side(pixels.getHeight() * factor));
    }

    /** At least one pixel, however thin the picture is. */
    private static int side(double exact) {
        return Math.max(1, (int) Math.round(exact));
    }

    /** The middle of the picture. Cropped first: a thin picture would be enlarged to a vast one, most of it thrown away. */
    private static BufferedImage square(BufferedImage pixels, int side) {
        int middle = Math.min(pixels.getWidth(), pixels.getHeight());
        return resized(
                pixels.getSubimage((pixels.getWidth() - middle) / 2, (pixels.getHeight() - middle) / 2, middle, middle),
                side,
                side);
    }

    /** Halves each side at most in one step, so that every pixel counts. */
    private static BufferedImage resized(BufferedImage pixels, int width, int height) {
        int nextWidth = Math.max(width, (pixels.getWidth() + 1) / 2);
        int nextHeight = Math.max(height, (pixels.getHeight() + 1) / 2);
        BufferedImage next = new BufferedImage(nextWidth, nextHeight, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = next.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(pixels, 0, 0, nextWidth, nextHeight, null);
        graphics.dispose();
        return nextWidth == width && nextHeight == height ? next : resized(next, width, height);
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
