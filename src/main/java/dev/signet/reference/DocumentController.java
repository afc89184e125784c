package dev.signet.reference;

import dev.signet.access.Open;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.SpringDocProviders;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.service.GenericResponseService;
import org.springdoc.core.service.OpenAPIService;
import org.springdoc.core.service.OperationService;
import org.springdoc.webmvc.api.OpenApiResource;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the API document. It is the same for everyone and never changes while the service runs, so it is generated once, on
 * a thread of its own, and kept as bytes: reading it costs no more than copying them.
 */
@RestController
class DocumentController extends OpenApiResource {

    private static final String GZIP = "gzip";

    private final FutureTask<Document> document = new FutureTask<>(this::generate);
    private final AtomicBoolean started = new AtomicBoolean();

    DocumentController(
            ObjectFactory<OpenAPIService> builder,
            AbstractRequestService requests,
            GenericResponseService responses,
            OperationService operations,
            SpringDocConfigProperties properties,
            SpringDocProviders providers,
            SpringDocCustomizers customizers) {
        super(builder, requests, responses, operations, properties, providers, customizers);
    }

    @GetMapping("/v3/api-docs")
    @Open
    @Operation(hidden = true)
    ResponseEntity<byte[]> document(
            @RequestHeader(name = HttpHeaders.ACCEPT_ENCODING, required = false) @Nullable String accepted)
            throws ExecutionException, InterruptedException {
        if (!started.getAndSet(true)) {
            Thread.ofPlatform().name("api-document").start(document);
        }
        Document generated = document.get();
        boolean zipped = acceptsGzip(accepted);
        ResponseEntity.BodyBuilder response = ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noCache().cachePublic())
                .varyBy(HttpHeaders.ACCEPT_ENCODING)
                .eTag(generated.tag + (zipped ? "-" + GZIP : ""));
        return zipped
                ? response.header(HttpHeaders.CONTENT_ENCODING, GZIP).body(generated.zipped)
                : response.body(generated.plain);
    }

    private Document generate() throws IOException {
        byte[] plain = writeJsonValue(getOpenApi(Locale.ENGLISH));
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(plain);
        }
        return new Document(plain, zipped.toByteArray(), DigestUtils.md5DigestAsHex(plain));
    }

    /** RFC 9110 §12.5.3, without weighing it against other codings: there are none here. */
    private static boolean acceptsGzip(@Nullable String accepted) {
        return accepted != null
                && Arrays.stream(accepted.toLowerCase(Locale.ROOT).split(","))
                        .map(coding -> coding.replace(" ", ""))
                        .anyMatch(coding -> coding.matches("(x-)?gzip(;q=(1.*|0\\.0*[1-9].*))?"));
    }

    /** The document names its server itself. */
    @Override
    protected String getServerUrl(HttpServletRequest request, String path) {
        return "";
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared or changed
    private record Document(byte[] plain, byte[] zipped, String tag) {}
}
