package dev.signet.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** A page of a list: the total only where it was asked for, the cursor only where more follows. */
public record Page<T>(
        List<T> items, @Nullable Long count, @Nullable String nextCursor) {

    /** 200 with {@code {"data": body}}, and the next page as {@code Link: rel="next"} (RFC 8288). */
    public <B> ResponseEntity<One<B>> answer(B body) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        if (nextCursor != null) {
            Links.next(nextCursor).ifPresent(link -> answer.header("Link", link));
        }
        return answer.body(new One<>(body));
    }
}
