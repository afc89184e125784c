package dev.signet.avatar;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.signet.platform.HeavyWork;
import dev.signet.platform.HeavyWork.Client;
import dev.signet.platform.ProblemException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.springframework.stereotype.Component;

/**
 * Makes pixels of what somebody sent, who may mean harm. What it is, its content tells. Its sides are read before a pixel is,
 * its metadata not at all but for its colours and the way up.
 */
@Component
class Decoder {

    /** These four, whatever else the platform could read. */
    private static final List<ImageReaderSpi> KINDS =
            List.of(ofPlatform("png"), ofPlatform("jpeg"), ofPlatform("gif"), new WebPImageReaderSpi());

    private static final int MILLION = 1_000_000;
    private static final int MOST_MEGAPIXELS = 16;
    private static final int LONGEST_SIDE = 10_000;

    static final Duration LONGEST_TURN = Duration.ofSeconds(10);

    /** How long somebody waits for their turn: longer than others may take, so that slow files keep nobody out. */
    private static final Duration PATIENCE = LONGEST_TURN.multipliedBy(3);

    // a large picture takes more than 100 MB while it is decoded
    private final HeavyWork work = new HeavyWork("pictures", 1, PATIENCE);

    /** The picture, upright and in its three sizes. Refuses with 400 what is none. */
    Picture decode(Client client, byte[] upload) {
        return work.run(client, () -> decode(upload));
    }

    private static Picture decode(byte[] upload) {
        try (BoundedInput input = new BoundedInput(upload)) {
            BufferedImage scaled = Picture.scaled(Colours.drawable(read(input, upload), upload));
            return Picture.of(Orientations.upright(Colours.inSrgb(scaled, upload), upload));
        } catch (ProblemException refused) {
            throw refused;
        } catch (IOException | RuntimeException broken) {
            // readers throw all kinds of things at all kinds of files
            throw ProblemException.invalid("file", "picture");
        }
    }

    private static BufferedImage read(BoundedInput input, byte[] upload) throws IOException {
        ImageReader reader = reader(input);
        try {
            reader.setInput(input, false, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            requireSaneSides(width, height);
            if (reader.getOriginatingProvider() instanceof WebPImageReaderSpi) {
                WebpFrames.requireSides(width, height, upload);
            }
            BufferedImage pixels = reader.read(0);
            if (input.endReached && reader.getFormatName().equals("JPEG")) {
                // its reader makes up what is missing
                throw new EOFException();
            }
            return pixels;
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader reader(ImageInputStream input) throws IOException {
        for (ImageReaderSpi kind : KINDS) {
            if (kind.canDecodeInput(input)) {
                return kind.createReaderInstance();
            }
        }
        throw ProblemException.invalid("file", "picture");
    }

    private static void requireSaneSides(int width, int height) {
        if (Math.max(width, height) > LONGEST_SIDE || (long) width * height > MOST_MEGAPIXELS * MILLION) {
            throw ProblemException.invalid("file", "pixels", MOST_MEGAPIXELS, LONGEST_SIDE);
        }
    }

    private static ImageReaderSpi ofPlatform(String format) {
        return ImageIO.getImageReadersByFormatName(format).next().getOriginatingProvider();
    }

    /**
     * Ends while somebody still reads it, where that takes too long: a small file can hold thousands of layers of one large
     * picture, each of them within the bounds.
     */
    private static final class BoundedInput extends MemoryCacheImageInputStream {

        /** What is read at once, so that the time is looked at often enough. */
        private static final int PIECE = 1024;

        private final long began = System.nanoTime();
        private boolean endReached;

        BoundedInput(byte[] upload) {
            super(new ByteArrayInputStream(upload));
        }

        @Override
        public int read() throws IOException {
            requireTime();
            return noticed(super.read());
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            requireTime();
            return noticed(super.read(buffer, offset, Math.min(length, PIECE)));
        }

        private int noticed(int read) {
            endReached |= read < 0;
            return read;
        }

        private void requireTime() throws IOException {
            if (System.nanoTime() - began > LONGEST_TURN.toNanos()) {
                throw new IIOException("takes too long");
            }
        }
    }
}
