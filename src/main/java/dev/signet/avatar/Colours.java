package dev.signet.avatar;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings the colours of a picture to sRGB, which is what people see of it. The platform's readers do so themselves, except for
 * three: a profile in a PNG, ink (CMYK) in a JPEG, and grey with transparency, which Java2D takes for linear light.
 */
final class Colours {

    private static final int RGB = 3;
    private static final int INK = 4;
    private static final int FULL = 0xff;

    /** Those for print have about half as much. */
    private static final int LONGEST_PROFILE = 2 * 1024 * 1024;

    private static final byte[] PROFILE_START = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

    private Colours() {}

    /** The pixels in a form that Java2D draws with the right tones. A profile in a PNG is left to {@link #inSrgb}. */
    static BufferedImage drawable(BufferedImage pixels, byte[] upload) {
        ColorModel model = pixels.getColorModel();
        return switch (model.getColorSpace().getType()) {
            case ColorSpace.TYPE_CMYK -> ofInk(pixels, upload);
            case ColorSpace.TYPE_GRAY -> model.hasAlpha() ? ofGrey(pixels) : pixels;
            default -> pixels;
        };
    }

    /** Applies the profile in the PNG that the pixels came from, if there is one. Pixels as they are drawn: ARGB. */
    static BufferedImage inSrgb(BufferedImage pixels, byte[] upload) {
        ICC_Profile profile = ofPng(upload);
        if (profile == null || profile.getNumComponents() != RGB) {
            return pixels;
        }
        ColorModel theirs = model(profile);
        WritableRaster colours = theirs.createCompatibleWritableRaster(pixels.getWidth(), pixels.getHeight());
        copy(pixels.getRaster(), colours);
        BufferedImage converted = converted(theirs, colours);
        if (converted != null) {
            copy(converted.getRaster(), pixels.getRaster());
        }
        return pixels;
    }

    /** The same raster with its one tone as red, green and blue. */
    private static BufferedImage ofGrey(BufferedImage pixels) {
        WritableRaster tones = pixels.getRaster();
        WritableRaster colours =
                tones.createWritableChild(0, 0, tones.getWidth(), tones.getHeight(), 0, 0, new int[] {0, 0, 0, 1});
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB),
                true,
                false,
                Transparency.TRANSLUCENT,
                tones.getTransferType());
        return new BufferedImage(model, colours, false, null);
    }

    private static BufferedImage ofInk(BufferedImage pixels, byte[] upload) {
        WritableRaster ink = pixels.getRaster();
        ICC_Profile profile = ofJpeg(upload);
        BufferedImage converted =
                profile != null && profile.getNumComponents() == INK ? converted(model(profile), ink) : null;
        if (converted != null) {
            return converted;
        }
        BufferedImage colours = new BufferedImage(ink.getWidth(), ink.getHeight(), BufferedImage.TYPE_INT_RGB);
        int[] row = new int[ink.getWidth() * INK];
        for (int y = 0; y < ink.getHeight(); y++) {
            ink.getPixels(0, y, ink.getWidth(), 1, row);
            for (int x = 0; x < ink.getWidth(); x++) {
                int at = x * INK;
                int light = FULL - row[at + RGB];
                colours.setRGB(
                        x, y, lit(row[at], light) << 16 | lit(row[at + 1], light) << 8 | lit(row[at + 2], light));
            }
        }
        return colours;
    }

    /** What one ink leaves of the light that black left. */
    private static int lit(int ink, int light) {
        return (FULL - ink) * light / FULL;
    }

    private static ColorModel model(ICC_Profile profile) {
        return new ComponentColorModel(
                new ICC_ColorSpace(profile), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
    }

    /** Null if the profile cannot be used: no picture is worse for what it says of itself. */
    private static @Nullable BufferedImage converted(ColorModel theirs, WritableRaster colours) {
        try {
            BufferedImage pixels = new BufferedImage(theirs, colours, false, null);
            BufferedImage ours = new BufferedImage(colours.getWidth(), colours.getHeight(), BufferedImage.TYPE_INT_RGB);
            return new ColorConvertOp(null).filter(pixels, ours);
        } catch (RuntimeException broken) {
            return null;
        }
    }

    private static void copy(Raster from, WritableRaster to) {
        for (int band = 0; band < RGB; band++) {
            to.setSamples(
                    0,
                    0,
                    to.getWidth(),
                    to.getHeight(),
                    band,
                    from.getSamples(0, 0, to.getWidth(), to.getHeight(), band, (int[]) null));
        }
    }

    /** A name, a zero, the method, and the deflated profile. */
    private static @Nullable ICC_Profile ofPng(byte[] upload) {
        List<byte[]> chunks = Parts.named(upload, "iCCP");
        if (chunks.isEmpty()) {
            return null;
        }
        InputStream chunk = new ByteArrayInputStream(chunks.getFirst());
        try (InflaterInputStream inflated = new InflaterInputStream(chunk)) {
            int read = chunk.read();
            while (read > 0) {
                read = chunk.read();
            }
            chunk.skipNBytes(1);
            return ICC_Profile.getInstance(inflated.readNBytes(LONGEST_PROFILE));
        } catch (IOException | IllegalArgumentException broken) {
            return null;
        }
    }

    /** In segments, which are numbered. */
    private static @Nullable ICC_Profile ofJpeg(byte[] upload) {
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        int header = PROFILE_START.length + 2;
        Parts.named(upload, "APP2").stream()
                .filter(segment -> segment.length > header
                        && Arrays.equals(segment, 0, PROFILE_START.length, PROFILE_START, 0, PROFILE_START.length))
                .sorted(Comparator.comparingInt(segment -> Byte.toUnsignedInt(segment[PROFILE_START.length])))
                .forEach(segment -> profile.write(segment, header, segment.length - header));
        try {
            return ICC_Profile.getInstance(profile.toByteArray());
        } catch (IllegalArgumentException none) {
            return null;
        }
    }
}
