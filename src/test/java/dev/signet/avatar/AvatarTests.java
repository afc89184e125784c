package dev.signet.avatar;

import static dev.signet.Tenant.TOKENS;
import static dev.signet.avatar.Pictures.fetch;
import static dev.signet.avatar.Pictures.image;
import static dev.signet.avatar.Pictures.transparent;
import static dev.signet.avatar.Pictures.twoHalves;
import static dev.signet.avatar.Pictures.upload;
import static dev.signet.avatar.Pictures.withChunk;
import static java.util.concurrent.CompletableFuture.runAsync;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.RowLock;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** A face is a picture in three sizes at an address for good, or a disc with initials. */
class AvatarTests {

    private static final String ABSENT = "0123456789abcdef01234567";

    private final Tenant company = Tenant.create();

    @Test
    void aPictureOfEachKindComesInThreeSizes() throws IOException {
        for (byte[] picture : List.of(
                twoHalves("png", 300, 200),
                twoHalves("jpeg", 300, 200),
                twoHalves("gif", 300, 200),
                Pictures.WEBP,
                Pictures.onCanvas(10, 6, Pictures.WEBP))) {
            Answer made = upload(company.bearer(), picture).expect(201);
            assertThat(made.header("Location")).isEqualTo(made.data("original"));
            assertThat(size(made.data("small"))).isEqualTo("48×48");
            assertThat(size(made.data("square"))).isEqualTo("192×192");
            assertThat(size(made.data("original"))).isIn("300×200", "10×6");
            assertThat(Tenant.events(made.data("_id"))).containsExactly("create");
        }
    }

    @Test
    void theOriginalIsMadeSmallerAndNeverLarger() throws IOException {
        assertThat(original(twoHalves("jpeg", 3000, 1500))).isEqualTo("1024×512");
        assertThat(original(twoHalves("png", 1024, 4))).isEqualTo("1024×4");
        assertThat(original(twoHalves("png", 2, 9000))).isEqualTo("1×1024");
        assertThat(original(twoHalves("gif", 1, 1))).isEqualTo("1×1");
    }

    @Test
    void theSquareIsTheMiddleOfThePicture() throws IOException {
        BufferedImage square =
                image(upload(company.bearer(), twoHalves("png", 600, 100)).data("square"));
        assertThat(isRed(square, 20, 96)).isTrue();
        assertThat(isRed(square, 170, 96)).isFalse();
    }

    @Test
    void whatATransparentPictureShowsThroughStaysSo() throws IOException {
        for (byte[] picture : List.of(
                transparent(300, 200),
                Pictures.WEBP_TRANSPARENT,
                Pictures.onCanvas(10, 6, Pictures.WEBP_TRANSPARENT))) {
            Answer made = upload(company.bearer(), picture).expect(201);
            for (String size : List.of("small", "square", "original")) {
                assertThat(fetch(made.data(size)).getResponseHeaders().getContentType())
                        .isEqualTo(MediaType.IMAGE_PNG);
                BufferedImage image = image(made.data(size));
                assertThat(image.getRGB(image.getWidth() - 1, 0) >>> 24).isLessThan(140);
            }
        }
    }

    @Test
    void ofAnAnimationThereIsTheFirstFrame() throws IOException {
        BufferedImage first = image(
                upload(company.bearer(), Pictures.WEBP_ANIMATION).expect(201).data("original"));
        assertThat(isRed(first, 5, 3)).isTrue();
    }

    @Test
    void aPhotographStandsUprightWhicheverWayTheCameraWasHeld() throws IOException {
        // its first pixels are at the left, top, right and bottom of what it shows
        Map<Integer, String> sides = Map.of(1, "left", 3, "right", 6, "top", 8, "bottom", 2, "right", 5, "top");
        for (Map.Entry<Integer, String> orientation : sides.entrySet()) {
            byte[] photograph = turned(twoHalves("jpeg", 300, 200), orientation.getKey());
            BufferedImage upright =
                    image(upload(company.bearer(), photograph).expect(201).data("original"));
            boolean lies = upright.getWidth() > upright.getHeight();
            assertThat(lies).isEqualTo(orientation.getKey() < 5);
            int x = upright.getWidth() / 2;
            int y = upright.getHeight() / 2;
            assertThat(
                            switch (orientation.getValue()) {
                                case "left" -> isRed(upright, 5, y) && !isRed(upright, 2 * x - 5, y);
                                case "right" -> isRed(upright, 2 * x - 5, y) && !isRed(upright, 5, y);
                                case "top" -> isRed(upright, x, 5) && !isRed(upright, x, 2 * y - 5);
                                default -> isRed(upright, x, 2 * y - 5) && !isRed(upright, x, 5);
                            })
                    .as("red is " + orientation)
                    .isTrue();
        }
    }

    @Test
    void aPngAndAWebpStandUprightToo() throws IOException {
        BufferedImage upright =
                image(upload(company.bearer(), withChunk(twoHalves("png", 300, 200), "eXIf", Pictures.orientation(6)))
                        .expect(201)
                        .data("original"));
        assertThat(upright.getWidth() + "×" + upright.getHeight()).isEqualTo("200×300");
        assertThat(isRed(upright, 100, 5)).isTrue();
        assertThat(isRed(upright, 100, 295)).isFalse();

        byte[] webp = Pictures.withChunkAtEnd(Pictures.onCanvas(10, 6, Pictures.WEBP), "EXIF", Pictures.orientation(6));
        assertThat(original(webp)).isEqualTo("6×10");
        byte[] asInJpeg = Pictures.withChunkAtEnd(
                Pictures.onCanvas(10, 6, Pictures.WEBP), "EXIF", Pictures.started(Pictures.orientation(6)));
        assertThat(original(asInJpeg)).isEqualTo("6×10");
        assertThat(original(withChunk(twoHalves("png", 30, 20), "eXIf", new byte[] {'M', 'M', 0})))
                .isEqualTo("30×20");
    }

    @Test
    void aThinPictureIsLikeAnyOther() throws IOException {
        for (int[] sides : new int[][] {{1024, 1}, {4096, 1}, {10_000, 1}, {10_000, 7}, {3000, 2}}) {
            String name = sides[0] + "×" + sides[1];
            long began = System.nanoTime();
            Answer made = upload(company.bearer(), twoHalves("png", sides[0], sides[1]))
                    .expect(201);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as(name).isLessThan(Duration.ofSeconds(1));
            BufferedImage original = image(made.data("original"));
            assertThat(original.getWidth()).as(name).isEqualTo(1024);
            assertThat(original.getHeight()).as(name).isOne();
            for (String size : List.of("small", "square", "original")) {
                assertThat(fetch(made.data(size)).getResponseHeaders().getContentType())
                        .isEqualTo(MediaType.IMAGE_JPEG);
            }
            assertThat(isRed(original, 100, 0)).as(name).isTrue();
            assertThat(isRed(original, 900, 0)).as(name).isFalse();
            assertThat(original.getRGB(900, 0) & 0xff).as(name).isGreaterThan(200);
        }
        assertThat(original(twoHalves("png", 1, 4096))).isEqualTo("1×1024");
    }

    @Test
    void aPictureMayBeKeptForGoodAndRunsNothing() {
        Answer made = upload(company.bearer(), twoHalves("png", 20, 20)).expect(201);
        Token token = company.token("messages-read");
        String disc = company.api().get(token.path()).data().at("/avatar/small").asString();
        for (String address : List.of(made.data("small"), made.data("original"), disc)) {
            EntityExchangeResult<byte[]> answer = fetch(address);
            HttpHeaders headers = answer.getResponseHeaders();
            assertThat(answer.getStatus().value()).isEqualTo(200);
            assertThat(headers.get("Cache-Control")).containsExactly("max-age=31536000, public, immutable");
            assertThat(headers.get("X-Content-Type-Options")).containsExactly("nosniff");
            assertThat(headers.get("Content-Security-Policy"))
                    .containsExactly(
                            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox");
            assertThat(headers.headerNames()).doesNotContain("Pragma", "Expires", "Vary", "Set-Cookie", "ETag");
            assertThat(Wire.get(address)
                            .header("Accept", "image/avif,image/webp")
                            .header("If-None-Match", "*")
                            .to(Node.one())
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void anAddressOfNoPictureIsNotFound() {
        String picture =
                upload(company.bearer(), twoHalves("png", 20, 20)).expect(201).data("_id");
        for (String address : List.of(
                "/avatars/" + ABSENT + "/small",
                "/avatars/" + picture + "/large",
                "/avatars/" + picture + "/media_type",
                "/avatars/initials/ABC/1.svg",
                "/avatars/initials/%3C/1.svg",
                "/avatars/initials/A&/1.svg",
                "/avatars/initials/%20/1.svg",
                "/avatars/initials/%F0%9F%98%80/1.svg",
                "/avatars/initials/AB/12.svg",
                "/avatars/initials/AB/01.svg",
                "/avatars/initials/AB/-1.svg",
                "/avatars/initials/AB/x.svg",
                "/avatars/initials/AB/1.png")) {
            assertThat(fetch(address).getStatus().value()).as(address).isIn(401, 404);
        }
        assertThat(fetch("/avatars/" + picture.toUpperCase(Locale.ROOT) + "/small")
                        .getStatus()
                        .value())
                .isEqualTo(200);
        assertThat(fetch("/avatars/" + ABSENT + "/small").getResponseHeaders().getCacheControl())
                .contains("no-store");
    }

    @Test
    void initialsOfAnyScriptStandInTheDiscThatTheApiNames() {
        Map<String, String> discs = Map.of(
                "Alfredo bot", "AB",
                "ñandú ártico", "ÑÁ",
                "日本 太郎", "日太",
                "Жанна", "Ж",
                "ßtraße", "ß",
                "हिन्दी भाषा", "हभ",
                "𝒜lgebra 2 x", "𝒜2",
                "R2-D2", "RD",
                "🤖", "",
                "🤖 ¡!", "");
        discs.forEach((name, initials) -> {
            Map<String, Object> body = new HashMap<>(Tenant.newToken(company.role("messages-read")));
            body.put("userBotName", name);
            String address = company.api()
                    .post(TOKENS, body)
                    .expect(201)
                    .data()
                    .at("/avatar/square")
                    .asString();
            EntityExchangeResult<byte[]> disc = fetch(address);
            assertThat(disc.getResponseHeaders().getContentType()).hasToString("image/svg+xml");
            assertThat(new String(Pictures.bytes(address), StandardCharsets.UTF_8))
                    .contains(">" + initials + "</text>");
        });
    }

    @Test
    void aTokenShowsThePictureThatItWasGivenUntilItIsTakenAway() {
        Answer made = upload(company.bearer(), twoHalves("png", 20, 20)).expect(201);
        Map<String, Object> body = new HashMap<>(Tenant.newToken(company.role("messages-read")));
        body.put("avatar", made.data("_id"));
        Answer token = company.api().post(TOKENS, body).expect(201);
        assertThat(token.data().path("avatar")).isEqualTo(made.data());
        String path = TOKENS + "/" + token.data("_id");
        assertThat(Api.as(token.data("token")).get("/api/v2/users/me").data().path("avatar"))
                .isEqualTo(made.data());
        Answer cleared = company.api()
                .patch(path, Collections.singletonMap("avatar", null))
                .expect(200);
        assertThat(cleared.data().path("avatar").propertyNames()).containsExactly("small", "square", "original");
        assertThat(cleared.data().at("/avatar/small").asString()).startsWith("/avatars/initials/");
        assertThat(company.api()
                        .patch(path, Map.of("avatar", made.data("_id")))
                        .expect(200)
                        .data()
                        .path("avatar"))
                .isEqualTo(made.data());
    }

    @Test
    void aPictureOfAnotherCompanyLooksLikeOneThatDoesNotExist() {
        String foreign = upload(Tenant.create().bearer(), twoHalves("png", 20, 20))
                .expect(201)
                .data("_id");
        Token token = company.token("messages-read");
        for (String id : List.of(foreign, ABSENT)) {
            company.api().patch(token.path(), Map.of("avatar", id)).expectFields("avatar: unknown_id");
            company.api()
                    .post(TOKENS, Tenant.with(Tenant.newToken(token.role()), "avatar", id))
                    .expectFields("avatar: unknown_id");
        }
    }

    @Test
    void anAddressInsteadOfAnIdIsRefusedAndNobodyGoesThere() throws IOException {
        Token token = company.token("messages-read");
        try (ServerSocket elsewhere = new ServerSocket(0)) {
            String address = "http://127.0.0.1:" + elsewhere.getLocalPort() + "/face.png";
            List<Object> avatars = List.of(address, Map.of("small", address), List.of(address), Map.of("_id", address));
            for (Object avatar : avatars) {
                company.api().patch(token.path(), Map.of("avatar", avatar)).expect(400, "invalid_request");
                company.api()
                        .post(TOKENS, Tenant.with(Tenant.newToken(token.role()), "avatar", avatar))
                        .expect(400, "invalid_request");
            }
            elsewhere.setSoTimeout(1);
            ThrowingCallable visit = elsewhere::accept;
            assertThatThrownBy(visit).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void anUploadIsOneFileAndNothingBesideIt() {
        byte[] picture = twoHalves("png", 20, 20);
        Resource file = Pictures.file("a.png", picture);
        for (Map<String, Object> form : List.of(
                Map.<String, Object>of("file", file, "other", file),
                Map.<String, Object>of("file", file, "name", "x"),
                Map.<String, Object>of("file", "x"))) {
            company.api().upload(Pictures.PATH, parts(form)).expectFields("file: one_file");
        }
        MultiValueMap<String, Object> twice = new LinkedMultiValueMap<>();
        twice.addAll("file", List.of(file, file));
        company.api().upload(Pictures.PATH, twice).expectFields("file: one_file");
        MultiValueMap<String, Object> named = parts(Map.of("any name", Pictures.file("x", picture)));
        company.api().upload(Pictures.PATH, named).expect(201);
        company.api().upload(Pictures.PATH + "?debug=1", named).expect(201);
        company.api().upload(Pictures.PATH + "?nonsense=1", named).expectFields("nonsense: unknown_parameter");
        company.api().upload(TOKENS, named).expect(415, "unsupported_media_type");
    }

    private static MultiValueMap<String, Object> parts(Map<String, Object> form) {
        return MultiValueMap.fromSingleValue(form);
    }

    @Test
    void whatIsNoFormIsRefused() {
        Answer json = company.api().post(Pictures.PATH, Map.of("file", "x")).expect(415, "unsupported_media_type");
        assertThat(json.body().path("detail").asString()).contains("multipart/form-data");
        for (String type :
                List.of("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x")) {
            assertThat(Wire.request("POST", Pictures.PATH)
                            .bearer(company.bearer())
                            .body(type, "nonsense")
                            .to(Node.one())
                            .status())
                    .as(type)
                    .isEqualTo(400);
        }
        assertThat(Wire.request("POST", Pictures.PATH)
                        .bearer(company.bearer())
                        .body("multipart/mixed; boundary=x", "nonsense")
                        .to(Node.one())
                        .status())
                .isEqualTo(415);
    }

    @Test
    void whoUploadsMoreThanFiftyADayWaitsHoweverManyComeAtOnce() throws Exception {
        String first =
                upload(company.bearer(), twoHalves("png", 20, 20)).expect(201).data("_id");
        copy(first, 48);
        byte[] picture = twoHalves("png", 20, 20);
        try (ExecutorService uploads = Executors.newFixedThreadPool(4)) {
            List<Future<Answer>> answers = Stream.of(Node.one(), Node.other(), Node.one(), Node.other())
                    .map(node -> Api.at(node, company.bearer()))
                    .map(api -> uploads.submit(() -> upload(api, "face.png", picture)))
                    .toList();
            int made = 0;
            for (Future<Answer> answer : answers) {
                if (answer.get().status() == 201) {
                    made++;
                } else {
                    answer.get().expect(429, "too_many_requests");
                }
            }
            assertThat(made).isEqualTo(1);
        }
        Answer refused = upload(company.bearer(), picture).expect(429, "too_many_requests");
        int wait = Integer.parseInt(refused.header("Retry-After"));
        assertThat(wait).isBetween(86_000, 86_400);
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"avatars\";q=50;w=86400");
        assertThat(refused.header("RateLimit")).isEqualTo("\"avatars\";r=0;t=" + wait);
        Token bot = company.token("messages-read");
        upload(bot.secret(), picture).expect(201);
        Tables.update("update avatars set created_at = created_at - interval '1 day' where id = ?", first);
        upload(company.bearer(), picture).expect(201);
    }

    @Test
    void whoHasAnUploadUnderWayWaitsForItAndNobodyElseDoes() throws Exception {
        Token bot = company.token("messages-read");
        byte[] picture = twoHalves("png", 20, 20);
        CompletableFuture<Answer> underWay;
        try (RowLock lock = RowLock.on("users", bot.user())) {
            underWay = supplyAsync(() -> upload(bot.secret(), picture));
            lock.awaitWaiting(1);
            Answer refused = upload(bot.secret(), picture).expect(429, "too_many_requests");
            assertThat(refused.header("Retry-After")).isEqualTo("10");
            assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"avatars-at-once\";q=1;w=10");
            assertThat(refused.header("RateLimit")).isEqualTo("\"avatars-at-once\";r=0;t=10");
            upload(company.bearer(), picture).expect(201);
        }
        underWay.join().expect(201);
        upload(bot.secret(), picture).expect(201);
        upload(bot.secret(), new byte[1]).expect(400);
        upload(bot.secret(), picture).expect(201);
    }

    @Test
    void whatNobodyShowsIsForgottenAfterADay() {
        String shown = uploaded();
        String old = uploaded();
        String young = uploaded();
        Token token = company.token("messages-read");
        company.edit(token, Map.of("avatar", shown));
        for (String id : List.of(shown, old)) {
            Tables.update("update avatars set created_at = created_at - interval '25 hours' where id = ?", id);
        }
        Node.one().bean(AvatarService.class).forgetWhatNobodyShows();
        assertThat(fetch("/avatars/" + old + "/small").getStatus().value()).isEqualTo(404);
        company.api().patch(token.path(), Map.of("avatar", old)).expectFields("avatar: unknown_id");
        for (String id : List.of(shown, young)) {
            assertThat(fetch("/avatars/" + id + "/small").getStatus().value()).isEqualTo(200);
        }
    }

    @Test
    void whatAnEditIsAboutToShowIsNotForgottenAndHoldsNothingUp() throws Exception {
        String shown = uploaded();
        String old = uploaded();
        Token token = company.token("messages-read");
        Tables.update(
                "update avatars set created_at = created_at - interval '25 hours' where id in (?, ?)", shown, old);
        CompletableFuture<Answer> edit;
        try (RowLock lock = RowLock.on("users", token.user())) {
            edit = supplyAsync(() -> company.api().patch(token.path(), Map.of("avatar", shown)));
            lock.awaitWaiting(1);
            runAsync(() -> Node.one().bean(AvatarService.class).forgetWhatNobodyShows())
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
            assertThat(fetch("/avatars/" + old + "/small").getStatus().value()).isEqualTo(404);
        }
        assertThat(edit.join().expect(200).data().at("/avatar/_id").asString()).isEqualTo(shown);
        assertThat(fetch("/avatars/" + shown + "/small").getStatus().value()).isEqualTo(200);
    }

    private String uploaded() {
        return upload(company.bearer(), twoHalves("png", 20, 20)).expect(201).data("_id");
    }

    private String original(byte[] picture) throws IOException {
        return size(upload(company.bearer(), picture).expect(201).data("original"));
    }

    private static String size(String address) throws IOException {
        BufferedImage image = image(address);
        return image.getWidth() + "×" + image.getHeight();
    }

    private static boolean isRed(BufferedImage image, int x, int y) {
        int colour = image.getRGB(x, y);
        return (colour >> 16 & 0xff) > 150 && (colour & 0xff) < 100;
    }

    /** The JPEG with a segment of a camera's (EXIF) that says how it was held. */
    private static byte[] turned(byte[] jpeg, int orientation) {
        byte[] block = Pictures.started(Pictures.orientation(orientation));
        byte[] exif = ByteBuffer.allocate(4 + block.length)
                .putShort((short) 0xffe1)
                .putShort((short) (2 + block.length))
                .put(block)
                .array();
        return ByteBuffer.allocate(jpeg.length + exif.length)
                .put(jpeg, 0, 2)
                .put(exif)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** As if it had been uploaded that many times more. */
    private static void copy(String id, int times) {
        Tables.update("""
                insert into avatars
                select left(a.id, 22) || lpad(to_hex(n), 2, '0'), company_id, media_type, small, square, original, created_by, created_at
                from avatars a, generate_series(1, 255) n
                where a.id = ? and left(a.id, 22) || lpad(to_hex(n), 2, '0') <> a.id
                limit ?""", id, times);
    }
}
