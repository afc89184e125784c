package dev.signet.platform;

import java.net.URI;
import org.springframework.http.ResponseEntity;

/** The body of an answer that is one thing: {@code {"data": …}}. */
public record One<T>(T data) {

    /** 200 with the thing and its version, to be sent back as {@code If-Match}. */
    public static <T extends Versioned> ResponseEntity<One<T>> ok(T thing) {
        return ok(thing, thing);
    }

    /** 200 where the answer carries more than the thing itself. */
    public static <T> ResponseEntity<One<T>> ok(Versioned thing, T answer) {
        return ResponseEntity.ok().eTag(IfMatch.tag(thing.version())).body(new One<>(answer));
    }

    /** 200 with what a repeated request made the first time. */
    public static <T> ResponseEntity<One<T>> replayed(Versioned thing, T answer) {
        return ResponseEntity.ok()
                .eTag(IfMatch.tag(thing.version()))
                .header("Idempotent-Replayed", "true")
                .body(new One<>(answer));
    }

    /** 201 with the thing, its version, and where it stands: below the address that it was posted to. */
    public static <T extends Versioned> ResponseEntity<One<T>> created(T thing) {
        return created(thing, thing);
    }

    /** 201 where the answer carries more than the thing itself. */
    public static <T> ResponseEntity<One<T>> created(Versioned thing, T answer) {
        URI location = Links.here().pathSegment(thing.id()).build().toUri();
        return ResponseEntity.created(location)
                .eTag(IfMatch.tag(thing.version()))
                .body(new One<>(answer));
    }
}
