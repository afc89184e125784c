package dev.signet.avatar;

import static dev.signet.avatar.Pictures.bytes;
import static dev.signet.avatar.Pictures.chunk;
import static dev.signet.avatar.Pictures.twoHalves;
import static dev.signet.avatar.Pictures.upload;
import static dev.signet.avatar.Pictures.withChunk;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.signet.Answer;
import dev.signet.Node;
import dev.signet.Output;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Wire;
import jakarta.servlet.ServletContext;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.springframework.test.web.servlet.client.EntityExchangeResult;

/** A picture comes from whoever is signed in. What is none is refused and leaves nothing; what is one is made anew. */
class HostilePictureTests {

    private static final String SCRIPT = "<script>alert(document.domain)</script>";
    private static final Tenant COMPANY = Tenant.create();

    @Test
    void aHostileFileIsRefusedAndNothingOfItStays() throws IOException {
        List<Path> files = temporaryFiles();
        long pictures = pictures();
        Map<String, byte[]> hostile = hostileFiles();
        assertThat(hostile).hasSizeGreaterThan(25).allSatisfy((name, content) -> {
            long began = System.nanoTime();
            Answer answer = upload(COMPANY.bearer(), name, content);
            if (name.startsWith("huge")) {
                answer.expectFields("file: pixels");
            } else {
                answer.expectFields("file: picture");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        });
        assertThat(pictures()).isEqualTo(pictures);
        assertThat(temporaryFiles()).isEqualTo(files);
    }

    @Test
    void aFileOfMoreThanTwoMegabytesIsRefusedAndNothingOfItStays() throws IOException {
        List<Path> files = temporaryFiles();
        long pictures = pictures();
        for (int size : List.of(2 * 1024 * 1024 + 1, 3 * 1024 * 1024)) {
            byte[] large = Arrays.copyOf(twoHalves("png", 10, 10), size);
            Answer answer = upload(COMPANY.bearer(), large).expect(413, "too_large");
            assertThat(answer.body().path("detail").asString()).contains("2 MB");
        }
        assertThat(pictures()).isEqualTo(pictures);
        assertThat(temporaryFiles()).isEqualTo(files);
    }

    @Test
    void aLargeFileIsRefusedEvenInChunks() throws IOException {
        try (Socket socket = Wire.open(Node.one())) {
            OutputStream out = socket.getOutputStream();
            out.write(utf8("POST " + Pictures.PATH + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + COMPANY.bearer()
                    + "\r\nContent-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n"));
            String head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
            String content = head + "x".repeat(3 * 1024 * 1024) + "\r\n--x--\r\n";
            out.write(utf8(Integer.toHexString(content.length()) + "\r\n" + content + "\r\n0\r\n\r\n"));
            Wire.Answer answer = Wire.Answer.read(socket.getInputStream());
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.json().path("detail").asString()).contains("2 MB");
        }
    }

    @Test
    void whatIsHiddenBehindAPictureDoesNotComeOut() throws IOException {
        byte[] archive = zip();
        for (String format : List.of("gif", "jpeg", "png")) {
            for (byte[] hidden : List.of(SCRIPT.getBytes(StandardCharsets.UTF_8), archive)) {
                Answer made = upload(COMPANY.bearer(), joined(twoHalves(format, 20, 20), hidden));
                assertThat(made.expect(201).data().propertyNames())
                        .containsExactly("_id", "small", "square", "original");
                for (String size : List.of("small", "square", "original")) {
                    EntityExchangeResult<byte[]> picture = Pictures.fetch(made.data(size));
                    assertThat(picture.getResponseHeaders().getContentType()).hasToString("image/jpeg");
                    assertThat(text(bytes(made.data(size)))).doesNotContain("script", "PK\u0003\u0004");
                }
            }
        }
    }

    @Test
    void whatAPictureSaysOfItselfDoesNotComeOutAndIsNeverUnpacked() throws IOException {
        byte[] png = twoHalves("png", 20, 20);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes(new byte[] {'a', 0, 0});
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(bomb)) {
            for (int megabyte = 0; megabyte < 500; megabyte++) {
                deflated.write(new byte[1024 * 1024]);
            }
        }
        for (String type : List.of("zTXt", "iCCP")) {
            long began = System.nanoTime();
            String original = upload(COMPANY.bearer(), withChunk(png, type, bomb.toByteArray()))
                    .expect(201)
                    .data("original");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
            assertThat(bytes(original)).hasSizeLessThan(5_000);
        }
        byte[] comment = ("a\0" + SCRIPT).getBytes(StandardCharsets.UTF_8);
        String original = upload(COMPANY.bearer(), withChunk(png, "tEXt", comment))
                .expect(201)
                .data("original");
        assertThat(text(bytes(original))).doesNotContain("script");
    }

    @Test
    void theNameOfAFileIsKeptNowhere() throws IOException {
        String name = "../../canary-of-a-name.png";
        String log;
        try (Output output = Output.at(Level.DEBUG, "dev.signet", Logger.ROOT_LOGGER_NAME)) {
            Answer made = upload(COMPANY.bearer(), name, twoHalves("png", 20, 20));
            assertThat(made.expect(201).text()).doesNotContain("canary");
            log = output.text();
        }
        assertThat(log).doesNotContain("canary-of-a-name");
        assertThat(Tables.dump()).noneMatch(row -> row.contains("canary-of-a-name"));
        assertThat(temporaryFiles()).noneMatch(file -> file.toString().contains("canary-of-a-name"));
    }

    private static Map<String, byte[]> hostileFiles() throws IOException {
        byte[] png = twoHalves("png", 200, 200);
        byte[] jpeg = twoHalves("jpeg", 200, 200);
        byte[] gif = twoHalves("gif", 200, 200);
        BufferedImage plain = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("script.svg", utf8("<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + "</svg>"));
        files.put("page.png", utf8("<!doctype html>" + SCRIPT));
        files.put("empty.png", new byte[0]);
        files.put("one byte.png", new byte[] {1});
        files.put("signature alone.png", Arrays.copyOf(png, 8));
        files.put("truncated.png", Arrays.copyOf(png, png.length / 2));
        files.put("truncated.jpg", Arrays.copyOf(jpeg, jpeg.length / 2));
        files.put("truncated.gif", Arrays.copyOf(gif, gif.length / 2));
        files.put("truncated.webp", Arrays.copyOf(Pictures.WEBP, Pictures.WEBP.length / 2));
        for (byte[] frame : List.of(Pictures.WEBP, Pictures.WEBP_TRANSPARENT)) {
            String kind = text(Arrays.copyOfRange(frame, 12, 16));
            files.put(kind + "on a smaller canvas.webp", Pictures.onCanvas(1, 1, frame));
            files.put(kind + "on a larger canvas.webp", Pictures.onCanvas(11, 6, frame));
        }
        byte[] vast = Pictures.with(Pictures.with(Pictures.WEBP, 26, 16_383), 28, 16_383);
        files.put("vast frame on a small canvas.webp", Pictures.onCanvas(1, 1, vast));
        files.put(
                "frame without its start on a canvas.webp",
                Pictures.onCanvas(10, 6, Pictures.with(Pictures.WEBP, 23, 0)));
        files.put(
                "frame that ends before its sides.webp", Pictures.onCanvas(10, 6, Pictures.with(Pictures.WEBP, 16, 4)));
        files.put("vast frame of an animation.webp", Pictures.with(Pictures.WEBP_ANIMATION, 82, 16_383));
        files.put("huge 50000 x 50000.png", hugePng(50_000, 50_000));
        files.put("huge 16000001 x 1.png", hugePng(16_000_001, 1));
        files.put("huge 4001 x 4000.png", hugePng(4_001, 4_000));
        files.put("huge frame on a small screen.gif", hugeGif());
        files.put("picture.bmp", Pictures.written("bmp", plain));
        files.put("picture.tiff", Pictures.written("tiff", plain));
        files.put("picture.wbmp", new byte[] {0, 0, 8, 1, 0});
        files.put(
                "picture.ico",
                joined(new byte[] {0, 0, 1, 0, 1, 0, 20, 20, 0, 0, 1, 0, 24, 0, 1, 0, 0, 0, 22, 0, 0, 0}, png));
        files.put("paper.pdf", utf8("%PDF-1.7\n1 0 obj <</JS (app.alert(1))>> endobj\n%%EOF"));
        files.put("archive.zip", zip());
        files.put("archive and then a picture.png", joined(zip(), png));
        return files;
    }

    /** Says that it has so many pixels, and has none. */
    private static byte[] hugePng(int width, int height) {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        return joined(
                new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'},
                joined(chunk("IHDR", header), joined(chunk("IDAT", new byte[10]), chunk("IEND", new byte[0]))));
    }

    private static byte[] hugeGif() {
        return ByteBuffer.allocate(36)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(utf8("GIF89a"))
                .putShort((short) 1)
                .putShort((short) 1)
                .put(new byte[] {(byte) 0x80, 0, 0, 0, 0, 0, -1, -1, -1})
                .put(utf8(","))
                .putInt(0)
                .putShort((short) 65_535)
                .putShort((short) 65_535)
                .put(new byte[] {0, 2, 2, 0x44, 1, 0, ';'})
                .array();
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("evil.html"));
            zip.write(utf8(SCRIPT));
        }
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static long pictures() {
        return Node.sql("select count(*) from avatars where company_id = ?")
                .param(COMPANY.id())
                .query(Long.class)
                .single();
    }

    /** What lies in the folder in which the container would put uploads, and in the one of the machine. */
    private static List<Path> temporaryFiles() throws IOException {
        Path container = Path.of(
                String.valueOf(Node.one().bean(ServletContext.class).getAttribute("jakarta.servlet.context.tempdir")));
        try (Stream<Path> files = Files.walk(container);
                Stream<Path> beside = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return Stream.concat(
                            files,
                            beside.filter(file -> file.getFileName().toString().matches("(imageio|upload).*")))
                    .sorted()
                    .toList();
        }
    }
}
