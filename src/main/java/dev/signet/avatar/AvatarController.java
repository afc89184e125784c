package dev.signet.avatar;

import dev.signet.access.Caller;
import dev.signet.access.InGrace;
import dev.signet.access.Refuses;
import dev.signet.access.SignedIn;
import dev.signet.platform.One;
import dev.signet.platform.Problem;
import dev.signet.platform.Upload;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

@RestController
@Tag(name = "Avatars")
class AvatarController {

    /** For the API document: a form with one file. */
    @Schema(name = "NewAvatar", requiredProperties = "file")
    record Form(
            @Schema(description = "png, jpeg, gif or webp, up to 2 MB")
            MultipartFile file) {}

    private final AvatarService avatars;

    AvatarController(AvatarService avatars) {
        this.avatars = avatars;
    }

    @PostMapping("/api/v2/avatars")
    @InGrace
    @SignedIn
    @Refuses(Problem.TOO_MANY_REQUESTS)
    @Operation(
            operationId = "uploadAvatar",
            summary = "Keeps a picture in three sizes; its _id can be anybody's avatar then",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                            schema = @Schema(implementation = Form.class))))
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<One<Avatar>> create(Caller caller, @Parameter(hidden = true) Upload file) {
        Avatar made = avatars.create(caller, file.bytes());
        return ResponseEntity.created(URI.create(made.original())).body(new One<>(made));
    }
}
