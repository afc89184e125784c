package dev.signet.avatar;

import dev.signet.access.Open;
import dev.signet.platform.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the addresses of an avatar show. It never changes. */
@RestController
@Tag(name = "Avatars")
@RequestMapping("/avatars")
class ImageController {

    private static final CacheControl FOR_GOOD =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
    private static final MediaType SVG = MediaType.valueOf("image/svg+xml");

    private final AvatarService avatars;

    ImageController(AvatarService avatars) {
        this.avatars = avatars;
    }

    @GetMapping("/{id}/{size}")
    @Open
    @Operation(
            operationId = "getAvatarPicture",
            summary = "Gives a picture: small (48×48), square (192×192) or original (up to 1024×1024)")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = "image/jpeg", schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = "image/png", schema = @Schema(type = "string", format = "binary"))
            })
    ResponseEntity<byte[]> picture(@PathVariable String id, @PathVariable String size) {
        AvatarService.Image image = avatars.find(id, size).orElseThrow(Problem.NOT_FOUND::with);
        return answer(image.mediaType(), image.bytes());
    }

    @GetMapping("/initials/{initials}/{colour}.svg")
    @Open
    @Operation(operationId = "getInitialsAvatar", summary = "Gives the disc with initials of who has no picture")
    @ApiResponse(
            responseCode = "200",
            content = @Content(mediaType = "image/svg+xml", schema = @Schema(type = "string")))
    ResponseEntity<byte[]> disc(@PathVariable String initials, @PathVariable String colour) {
        if (!Disc.isOne(initials, colour)) {
            throw Problem.NOT_FOUND.with();
        }
        return answer(SVG, Disc.svg(initials, colour).getBytes(StandardCharsets.UTF_8));
    }

    private static ResponseEntity<byte[]> answer(MediaType type, byte[] bytes) {
        return ResponseEntity.ok().contentType(type).cacheControl(FOR_GOOD).body(bytes);
    }
}
