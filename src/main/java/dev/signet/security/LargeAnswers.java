package dev.signet.security;

import dev.signet.access.Caller;
import dev.signet.access.LargeAnswer;
import dev.signet.platform.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Bounds how many large answers are held in memory until they are written, so that slow readers cannot fill the heap. One
 * user has a small part of the places and one company half of them, so that neither keeps others from reading.
 */
@Component
class LargeAnswers implements HandlerInterceptor {

    /** What an answer of 1 MB holds: its rows as they came from the database, and as values. */
    private static final long BYTES_OF_ONE = 4 * 1024 * 1024;

    private static final int FEWEST = 16;
    private static final int MOST = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration UNTIL_SOME_END = Duration.ofSeconds(5);
    private static final String HELD_BY = LargeAnswers.class.getName();

    private final Map<String, Integer> held = new HashMap<>();
    private final int most;
    private int heldByAll;

    LargeAnswers() {
        // an eighth of the heap
        most = Math.clamp(Runtime.getRuntime().maxMemory() / 8 / BYTES_OF_ONE, FEWEST, MOST);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws InterruptedException {
        Caller caller = Door.caller();
        if (caller != null
                && handler instanceof HandlerMethod method
                && method.hasMethodAnnotation(LargeAnswer.class)) {
            if (!take(caller)) {
                throw Problem.OVERLOADED.with().retryAfter(UNTIL_SOME_END);
            }
            request.setAttribute(HELD_BY, caller);
        }
        return true;
    }

    /** After the answer has been written, or nobody reads it any more. */
    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (request.getAttribute(HELD_BY) instanceof Caller caller) {
            request.removeAttribute(HELD_BY);
            giveBack(caller);
        }
    }

    private synchronized boolean take(Caller caller) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isFree(caller)) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        heldByAll++;
        holders(caller).forEach(holder -> held.merge(holder, 1, Integer::sum));
        return true;
    }

    private boolean isFree(Caller caller) {
        return heldByAll < most
                && held.getOrDefault(caller.user(), 0) < most / 8
                && held.getOrDefault(caller.company(), 0) < most / 2;
    }

    private synchronized void giveBack(Caller caller) {
        heldByAll--;
        holders(caller).forEach(holder -> held.computeIfPresent(holder, (id, count) -> count == 1 ? null : count - 1));
        notifyAll();
    }

    private static List<String> holders(Caller caller) {
        return List.of(caller.user(), caller.company());
    }
}
