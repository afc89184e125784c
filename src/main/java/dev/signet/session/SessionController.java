package dev.signet.session;

import dev.signet.access.BearerToken;
import dev.signet.access.Caller;
import dev.signet.access.Open;
import dev.signet.access.Refuses;
import dev.signet.platform.Addresses;
import dev.signet.platform.Keys;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.PublicUrl;
import dev.signet.session.SessionService.Tokens;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.WebUtils;

/** Signing in, staying signed in, signing out. The cookie is good for these three alone. */
@RestController
@Tag(name = "Signing in")
@RequestMapping("/auth")
class SessionController {

    static final String COOKIE = "signet_refresh";

    private static final Duration UNUSED = Duration.ofHours(12);

    record SignIn(
            @Schema(example = "ada@example.com") @NotNull @Size(max = 254)
            String email,

            @Schema(example = "seven blue mules at noon") @NotNull
            String password) {

        /** Frameworks print what they bind when their log is set to talk. */
        @Override
        public String toString() {
            return "***";
        }
    }

    record SignOut(@Schema(example = "true") @Nullable Boolean everywhere) {}

    /**
     * Not wrapped in {@code data}, as existing clients read it.
     *
     * @param expiresIn seconds
     */
    record AccessToken(String token, long expiresIn) {

        static AccessToken of(String token) {
            return new AccessToken(token, AccessTokens.LIFE.toSeconds());
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    private final AccountService accounts;
    private final SessionService sessions;
    private final Keys keys;
    private final PublicUrl publicUrl;

    SessionController(AccountService accounts, SessionService sessions, Keys keys, PublicUrl publicUrl) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.keys = keys;
        this.publicUrl = publicUrl;
    }

    @PostMapping("/local")
    @Open
    @ApiResponse(
            responseCode = "200",
            useReturnTypeSchema = true,
            headers = @Header(name = HttpHeaders.SET_COOKIE, ref = "Set-Cookie"))
    @Refuses({Problem.SIGNIN_FAILED, Problem.TOO_MANY_REQUESTS})
    @Operation(
            operationId = "signIn",
            summary = "Signs a person in: an access token for 15 minutes, and a cookie to get the next")
    ResponseEntity<AccessToken> signIn(@Valid @RequestBody SignIn signIn, HttpServletRequest request) {
        return answer(accounts.signIn(signIn.email(), signIn.password(), Addresses.client(request)), request);
    }

    @PostMapping("/refresh")
    @Open
    @SecurityRequirement(name = "refreshCookie")
    @ApiResponse(
            responseCode = "200",
            useReturnTypeSchema = true,
            headers = @Header(name = HttpHeaders.SET_COOKIE, ref = "Set-Cookie"))
    @Refuses({Problem.COOKIE_MISSING, Problem.SESSION_ENDED, Problem.FOREIGN_ORIGIN})
    @Operation(operationId = "refreshSession", summary = "Gives the next access token, by the cookie")
    ResponseEntity<AccessToken> refresh(HttpServletRequest request) {
        requireOwnOrigin(request);
        String cookie = cookie(request);
        if (cookie == null) {
            throw Problem.COOKIE_MISSING.with();
        }
        return answer(sessions.refresh(cookie, Addresses.client(request)), request);
    }

    @PostMapping("/logout")
    @Open
    @SecurityRequirement(name = "bearer")
    @SecurityRequirement(name = "refreshCookie")
    @ApiResponse(responseCode = "204", headers = @Header(name = HttpHeaders.SET_COOKIE, ref = "Set-Cookie"))
    @Refuses({Problem.UNAUTHENTICATED, Problem.INVALID_TOKEN, Problem.SESSION_ENDED, Problem.FOREIGN_ORIGIN})
    @Operation(operationId = "signOut", summary = "Ends this session, or all of the person")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    ResponseEntity<Void> signOut(
            @Valid @RequestBody(required = false) @Nullable SignOut signOut, HttpServletRequest request) {
        Caller caller = caller(request);
        sessions.signOut(caller, signOut != null && Boolean.TRUE.equals(signOut.everywhere()));
        return ResponseEntity.noContent()
                .header(HttpHeaders.SET_COOKIE, cookie("", Duration.ZERO, request))
                .build();
    }

    /** By the access token or, where that has run out in an idle tab, by the cookie. */
    private Caller caller(HttpServletRequest request) {
        String bearer = BearerToken.of(request);
        String cookie = cookie(request);
        if (bearer != null) {
            try {
                return sessions.verify(bearer, Addresses.client(request));
            } catch (ProblemException refused) {
                if (cookie == null) {
                    throw refused;
                }
            }
        }
        requireOwnOrigin(request);
        if (cookie == null) {
            throw Problem.UNAUTHENTICATED.with();
        }
        return sessions.caller(cookie, Addresses.client(request));
    }

    private ResponseEntity<AccessToken> answer(Tokens tokens, HttpServletRequest request) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        if (tokens.refresh() != null) {
            answer.header(HttpHeaders.SET_COOKIE, cookie(tokens.refresh().text(keys), UNUSED, request));
        }
        return answer.body(AccessToken.of(tokens.access()));
    }

    /** Read here and not bound to a parameter: what is bound is printed where the log is set to talk. */
    private static @Nullable String cookie(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, COOKIE);
        return cookie == null ? null : cookie.getValue();
    }

    private String cookie(String text, Duration age, HttpServletRequest request) {
        return ResponseCookie.from(COOKIE, text)
                .httpOnly(true)
                .sameSite("Strict")
                .path("/auth")
                .secure(request.isSecure() || publicUrl.isSecure())
                .maxAge(age)
                .build()
                .toString();
    }

    /** A page of another site must not use the cookie. The scheme is not compared: a proxy may end TLS. */
    private static void requireOwnOrigin(HttpServletRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !isOwn(origin, request.getHeader(HttpHeaders.HOST))) {
            throw Problem.FOREIGN_ORIGIN.with();
        }
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        try {
            URI page = URI.create(origin);
            // a port that the scheme implies may be written out or not
            URI here = URI.create(page.getScheme() + "://" + host);
            return page.getHost() != null
                    && page.getUserInfo() == null
                    && page.getHost().equalsIgnoreCase(here.getHost())
                    && port(page) == port(here);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
