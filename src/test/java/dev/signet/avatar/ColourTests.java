package dev.signet.avatar;

import static dev.signet.avatar.Pictures.image;
import static dev.signet.avatar.Pictures.upload;
import static dev.signet.avatar.Pictures.withChunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Tenant;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A picture comes out in the colours that it was meant to have, as sRGB. */
class ColourTests {

    /** How far a colour may be off, of 255. */
    private static final Offset<Integer> OFF = Offset.offset(3);

    private static final Tenant COMPANY = Tenant.create();

    @ParameterizedTest
    @ValueSource(ints = {20, 1500})
    void greyKeepsItsTone(int side) throws IOException {
        byte[] png = png(8, side, false, 128);
        Map<String, byte[]> greys = Map.of(
                "png", png,
                "png of 16 bits", png(16, side, false, 128 * 257),
                "png with transparency", png(8, side, true, 128, 255),
                "png of 16 bits with transparency", png(16, side, true, 128 * 257, 65_535),
                "png with a transparent tone", withChunk(png, "tRNS", new byte[] {0, 7}),
                "png of 16 bits with a transparent tone",
                        withChunk(png(16, side, false, 128 * 257), "tRNS", new byte[] {0, 7}),
                "jpeg", jpeg(side, 128));
        for (Map.Entry<String, byte[]> grey : greys.entrySet()) {
            assertColour(grey.getKey(), grey.getValue(), 128, 128, 128);
        }
        BufferedImage pale =
                image(upload(COMPANY.bearer(), png(8, side, true, 60, 100)).data("square"));
        assertThat(pale.getRGB(96, 96) >>> 24).isCloseTo(100, OFF);
        assertThat(pale.getRGB(96, 96) & 0xff).isCloseTo(60, OFF);
    }

    @Test
    void inkIsWhatItLeavesOfTheLight() throws IOException {
        // what is stored of half cyan, a quarter magenta, three quarters yellow and a fifth black
        byte[] ink = jpeg(20, 127, 191, 64, 204);
        assertColour("as Adobe says", withSegment(ink, adobe(0)), 102, 153, 51);
        assertColour("alone", ink, 102, 153, 51);
        // the same colours as brightness and two differences, beside black
        assertColour("with differences", withSegment(jpeg(20, 98, 181, 150, 204), adobe(2)), 102, 153, 51);
        assertColour("black", withSegment(jpeg(20, 255, 255, 255, 0), adobe(0)), 0, 0, 0);
        assertColour("paper", withSegment(jpeg(20, 255, 255, 255, 255), adobe(0)), 255, 255, 255);
    }

    @Test
    void inkOfAProfileIsWhatTheProfileSays() throws IOException {
        byte[] ink = withSegment(jpeg(20, 127, 191, 64, 255), adobe(0));
        assertColour("a profile in which only black shows", withSegment(ink, segments(onlyBlack())), 255, 255, 255);
        assertColour("a broken profile", withSegment(ink, segments(new byte[200])), 127, 191, 64);
    }

    @Test
    void aProfileOfAWiderSpaceIsApplied() throws IOException {
        // computed by the matrices of both spaces
        byte[] profile = deflated(displayP3());
        assertColour("png", withChunk(png(8, 20, false, 100, 180, 80), "iCCP", profile), 65, 182, 63);
        assertColour("large png", withChunk(png(8, 1500, false, 180, 120, 90), "iCCP", profile), 190, 117, 84);
        assertColour(
                "png of 16 bits",
                withChunk(png(16, 20, false, 180 * 257, 120 * 257, 90 * 257), "iCCP", profile),
                190,
                117,
                84);
        assertColour(
                "png with transparency", withChunk(png(8, 20, true, 180, 120, 90, 255), "iCCP", profile), 190, 117, 84);
        assertColour("jpeg", withSegment(jpeg(20, 200, 100, 100), segments(displayP3())), 215, 93, 97);

        BufferedImage pale =
                image(upload(COMPANY.bearer(), withChunk(png(8, 20, true, 180, 120, 90, 100), "iCCP", profile))
                        .data("original"));
        assertThat(pale.getRGB(5, 5) >>> 24).isEqualTo(100);
        assertThat(pale.getRGB(5, 5) >> 16 & 0xff).isCloseTo(190, OFF);
    }

    @Test
    void aProfileInAWebpIsApplied() throws IOException {
        byte[] webp = Pictures.onCanvas(10, 6, Pictures.WEBP);
        int red = image(upload(COMPANY.bearer(), webp).data("original")).getRGB(5, 3);
        int blue = image(
                        upload(COMPANY.bearer(), withProfile(webp, redAsBlue())).data("original"))
                .getRGB(5, 3);
        assertThat(red >> 16 & 0xff).isGreaterThan(150);
        assertThat(blue >> 16 & 0xff).isLessThan(100);
        assertThat(blue & 0xff).isGreaterThan(150);
    }

    @Test
    void aProfileThatMakesNoSenseChangesNothing() throws IOException {
        byte[] png = png(8, 20, false, 100, 180, 80);
        for (byte[] chunk : new byte[][] {
            new byte[0],
            new byte[] {'a'},
            new byte[] {'a', 0, 0},
            "a\0\0not deflated".getBytes(StandardCharsets.US_ASCII),
            deflated(new byte[0]),
            deflated(new byte[1000]),
            deflated(onlyBlack()),
            deflated(Arrays.copyOf(displayP3(), 150)),
        }) {
            assertColour("profile of " + chunk.length, withChunk(png, "iCCP", chunk), 100, 180, 80);
        }
    }

    private static void assertColour(String name, byte[] picture, int red, int green, int blue) throws IOException {
        Answer made = upload(COMPANY.bearer(), picture).expect(201);
        for (String size : new String[] {"small", "square", "original"}) {
            BufferedImage image = image(made.data(size));
            int colour = image.getRGB(image.getWidth() / 2, image.getHeight() / 2);
            String where = name + " " + size + " " + Integer.toHexString(colour);
            assertThat(colour >>> 24).as(where).isEqualTo(255);
            assertThat(colour >> 16 & 0xff).as(where).isCloseTo(red, OFF);
            assertThat(colour >> 8 & 0xff).as(where).isCloseTo(green, OFF);
            assertThat(colour & 0xff).as(where).isCloseTo(blue, OFF);
        }
    }

    private static byte[] png(int bits, int side, boolean transparent, int... pixel) {
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(pixel.length < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
                transparent,
                false,
                transparent ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                bits == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT);
        WritableRaster raster = filled(model.createCompatibleWritableRaster(side, side), pixel);
        return Pictures.written("png", new BufferedImage(model, raster, false, null));
    }

    /** The components as they are, whatever they mean. */
    private static byte[] jpeg(int side, int... pixel) throws IOException {
        WritableRaster raster =
                filled(Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, side, side, pixel.length, null), pixel);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(raster, null, null), null);
        } finally {
            writer.dispose();
        }
        // three are red, green and blue only if Adobe says so
        return pixel.length == 3 ? withSegment(bytes.toByteArray(), adobe(0)) : bytes.toByteArray();
    }

    private static WritableRaster filled(WritableRaster raster, int... pixel) {
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++) {
                raster.setPixel(x, y, pixel);
            }
        }
        return raster;
    }

    private static byte[] withSegment(byte[] jpeg, byte[] segment) {
        return ByteBuffer.allocate(jpeg.length + segment.length)
                .put(jpeg, 0, 2)
                .put(segment)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    private static byte[] adobe(int transform) {
        return new byte[] {
            (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform
        };
    }

    /** The profile in two segments of a JPEG, the second one first. */
    private static byte[] segments(byte[] profile) {
        int half = profile.length / 2;
        ByteBuffer segments = ByteBuffer.allocate(profile.length + 36);
        for (int number = 2; number >= 1; number--) {
            int from = number == 1 ? 0 : half;
            int to = number == 1 ? half : profile.length;
            segments.putShort((short) 0xffe2)
                    .putShort((short) (16 + to - from))
                    .put("ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII))
                    .put((byte) number)
                    .put((byte) 2)
                    .put(profile, from, to - from);
        }
        return segments.array();
    }

    private static byte[] deflated(byte[] profile) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(new byte[] {'a', 0, 0});
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(chunk)) {
            deflated.write(profile);
        }
        return chunk.toByteArray();
    }

    private static byte[] withProfile(byte[] webp, byte[] profile) {
        int header = 30;
        byte[] bytes = ByteBuffer.allocate(webp.length + 8 + profile.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(webp, 0, header)
                .put("ICCP".getBytes(StandardCharsets.US_ASCII))
                .putInt(profile.length)
                .put(profile)
                .put(webp, header, webp.length - header)
                .putInt(4, webp.length + profile.length)
                .array();
        bytes[20] |= 0x20;
        return bytes;
    }

    private static byte[] displayP3() {
        return matrix(
                new double[][] {{0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}
                });
    }

    /** sRGB with two of its primaries exchanged. */
    private static byte[] redAsBlue() {
        return matrix(
                new double[][] {{0.14307, 0.06061, 0.71410}, {0.38515, 0.71687, 0.09708}, {0.43607, 0.22249, 0.01392}});
    }

    /** A profile (ICC.1) of a screen with these primaries and the curve of sRGB. */
    private static byte[] matrix(double[]... primaries) {
        int content = 128 + 4 + 7 * 12;
        ByteBuffer profile = header(content + 4 * 20 + 32, "mntrRGB XYZ ").putInt(7);
        String[] names = {"wtpt", "rXYZ", "gXYZ", "bXYZ"};
        for (int i = 0; i < names.length; i++) {
            profile.put(ascii(names[i])).putInt(content + 20 * i).putInt(20);
        }
        for (String curve : new String[] {"rTRC", "gTRC", "bTRC"}) {
            profile.put(ascii(curve)).putInt(content + 80).putInt(32);
        }
        numbers(profile.put(ascii("XYZ \0\0\0\0")), 0.9642, 1, 0.8249);
        for (double[] primary : primaries) {
            numbers(profile.put(ascii("XYZ \0\0\0\0")), primary);
        }
        profile.put(ascii("para\0\0\0\0")).putInt(0x00030000);
        numbers(profile, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);
        return written(profile);
    }

    /** A profile of a press whose coloured inks cannot be seen: lightness goes with black alone. */
    private static byte[] onlyBlack() {
        int tables = 4 * 256;
        int length = 48 + tables + 16 * 3 + 3 * 256;
        ByteBuffer profile = header(128 + 4 + 12 + length, "prtrCMYKLab ").putInt(1);
        profile.put(ascii("A2B0")).putInt(144).putInt(length);
        profile.put(ascii("mft1\0\0\0\0")).put(new byte[] {4, 3, 2, 0});
        numbers(profile, 1, 0, 0, 0, 1, 0, 0, 0, 1);
        for (int i = 0; i < tables; i++) {
            profile.put((byte) i);
        }
        for (int corner = 0; corner < 16; corner++) {
            // black is the ink that varies first
            profile.put(new byte[] {(byte) (corner % 2 == 0 ? 255 : 0), (byte) 128, (byte) 128});
        }
        for (int i = 0; i < 3 * 256; i++) {
            profile.put((byte) i);
        }
        return written(profile);
    }

    private static ByteBuffer header(int length, String kind) {
        ByteBuffer profile = ByteBuffer.allocate(length);
        profile.putInt(length).putInt(0).putInt(0x02400000).put(ascii(kind));
        profile.position(36).put(ascii("acsp"));
        numbers(profile.position(68), 0.9642, 1, 0.8249);
        return profile.position(128);
    }

    private static void numbers(ByteBuffer profile, double... numbers) {
        for (double number : numbers) {
            profile.putInt((int) Math.round(number * 65_536));
        }
    }

    private static byte[] written(ByteBuffer profile) {
        byte[] bytes = new byte[profile.capacity()];
        profile.get(0, bytes);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
