package dev.signet.platform;

import org.springframework.http.ResponseEntity;

/** A resource that a request created; {@code before} if an earlier request with the same key did. */
public record Created<T extends Versioned>(T resource, boolean before) {

    /** 201 with the body; 200 for a repeated request. */
    public <B> ResponseEntity<One<B>> answer(B body) {
        return before ? One.replayed(resource, body) : One.created(resource, body);
    }
}
