package dev.signet.avatar;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.util.MultiValueMap;

/** Makes pictures, uploads them and looks at what comes out. */
final class Pictures {

    static final String PATH = "/api/v2/avatars";

    /** 10×6: lossy, lossless and half transparent, lossy of two frames. */
    static final byte[] WEBP =
            decoded("UklGRjYAAABXRUJQVlA4ICoAAABwAQCdASoKAAYAAsBMJaACdAFAAAD+7U3dcXNkRR/84l/9Av/AXcwAAAA=");

    static final byte[] WEBP_TRANSPARENT = decoded("UklGRh4AAABXRUJQVlA4TBEAAAAvCUABEAdQkAIXpoCBiOh/AAA=");
    static final byte[] WEBP_ANIMATION = decoded(
            "UklGRrYAAABXRUJQVlA4WAoAAAACAAAACQAABQAAQU5JTQYAAAD/////AABBTk1GQgAAAAAAAAAAAAkAAAUAAGQAAABWUDggKgAAAHABAJ0B"
                    + "KgoABgACwEwloAJ0AUAAAP7tTd1xc2RFH/ziX/0C/8BdzAAAAEFOTUZAAAAAAAAAAAAACQAABQAAZAAAAFZQOCAoAAAAsAEAnQEqCgAG"
                    + "AALATCWgAnS6AAQwAAD+54v+vgCnqj/sWctgWIAAAA==");

    private Pictures() {}

    /** Its left half is red, its right half blue. */
    static byte[] twoHalves(String format, int width, int height) {
        return painted(format, BufferedImage.TYPE_INT_RGB, width, height, Color.BLUE);
    }

    static byte[] transparent(int width, int height) {
        return painted("png", BufferedImage.TYPE_INT_ARGB, width, height, new Color(0, true));
    }

    private static byte[] painted(String format, int kind, int width, int height, Color right) {
        BufferedImage image = new BufferedImage(width, height, kind);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, width / 2, height);
        graphics.setColor(right);
        graphics.fillRect(width / 2, 0, width - width / 2, height);
        graphics.dispose();
        return written(format, image);
    }

    static byte[] written(String format, BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException(format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The PNG with one chunk more before its pixels. */
    static byte[] withChunk(byte[] png, String type, byte[] content) {
        int header = 8 + 25;
        return ByteBuffer.allocate(png.length + 12 + content.length)
                .put(png, 0, header)
                .put(chunk(type, content))
                .put(png, header, png.length - header)
                .array();
    }

    static byte[] chunk(String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }

    static Answer upload(String bearer, byte[] content) {
        return upload(bearer, "face.png", content);
    }

    static Answer upload(String bearer, String fileName, byte[] content) {
        return upload(Api.as(bearer), fileName, content);
    }

    static Answer upload(Api api, String fileName, byte[] content) {
        return api.upload(PATH, MultiValueMap.fromSingleValue(Map.of("file", file(fileName, content))));
    }

    /** The WebP of one frame, in the extended format, which says here that it may be transparent. */
    static byte[] onCanvas(int width, int height, byte[] webp) {
        int header = 12;
        return ByteBuffer.allocate(webp.length + 18)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(webp, 0, header)
                .putInt(4, webp.length + 10)
                .put("VP8X".getBytes(StandardCharsets.US_ASCII))
                .putInt(10)
                .putInt(0x10)
                .putShort((short) (width - 1))
                .put((byte) 0)
                .putShort((short) (height - 1))
                .put((byte) 0)
                .put(webp, header, webp.length - header)
                .array();
    }

    /** The extended WebP with one chunk more behind its pixels. */
    static byte[] withChunkAtEnd(byte[] webp, String name, byte[] content) {
        int padding = content.length % 2;
        return ByteBuffer.allocate(webp.length + 8 + content.length + padding)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(webp)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .putInt(content.length)
                .put(content)
                .putInt(4, webp.length + content.length + padding)
                .array();
    }

    /** A block of a camera's (EXIF) that says how it was held. */
    static byte[] orientation(int orientation) {
        return ByteBuffer.allocate(26)
                .put(new byte[] {'M', 'M', 0, 42})
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }

    /** The block as it stands in a JPEG. */
    static byte[] started(byte[] block) {
        return ByteBuffer.allocate(6 + block.length)
                .put(new byte[] {'E', 'x', 'i', 'f', 0, 0})
                .put(block)
                .array();
    }

    /** The bytes, with a number of 16 bits (little endian) in place of those that start there. */
    static byte[] with(byte[] bytes, int at, int number) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) number);
        return changed;
    }

    /** A part of a form. */
    static Resource file(String name, byte[] content) {
        return new ByteArrayResource(content) {
            @Override
            public String getFilename() {
                return name;
            }
        };
    }

    /** What stands at an address of the service. */
    static EntityExchangeResult<byte[]> fetch(String address) {
        return Node.one()
                .client(null)
                .get()
                .uri(URI.create(Node.one().url() + address))
                .exchange()
                .returnResult(byte[].class);
    }

    static byte[] bytes(String address) {
        return Objects.requireNonNull(fetch(address).getResponseBody());
    }

    static BufferedImage image(String address) throws IOException {
        return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(bytes(address))));
    }

    private static byte[] decoded(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}
