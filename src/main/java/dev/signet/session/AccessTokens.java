package dev.signet.session;

import dev.signet.platform.KeyRegistry;
import dev.signet.platform.Keys;
import dev.signet.platform.Keys.Purpose;
import dev.signet.platform.Problem;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwsHeader;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.MacAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.springframework.stereotype.Component;

/**
 * Access tokens: JWTs (RFC 7519) that name a session and its user. What they may do is not in them. Signed by HS256 alone,
 * under the key that their {@code kid} names.
 */
@Component
class AccessTokens {

    static final Duration LIFE = Duration.ofMinutes(15);

    private static final MacAlgorithm ALGORITHM = Jwts.SIG.HS256;
    private static final String USER = "_id";

    /** What an access token says: the session, its user, and when it ends. */
    record Access(String session, String user, Instant expiresAt) {}

    private final Keys keys;
    private final JwtParser parser;

    AccessTokens(Keys keys, KeyRegistry registry) {
        this.keys = keys;
        this.parser = Jwts.parser()
                .sig()
                .clear()
                .add(ALGORITHM)
                .and()
                .keyLocator(header -> header instanceof JwsHeader signed && signed.getKeyId() != null
                        ? registry.ofSignature(signed.getKeyId(), Purpose.ACCESS_TOKEN)
                        : null)
                // the database's clock decides whether it has ended, as with all access
                .clock(() -> Date.from(Instant.EPOCH))
                .build();
    }

    String issue(String session, String user, String company, Instant now) {
        return Jwts.builder()
                .header()
                .keyId(keys.currentId())
                .and()
                .claim(USER, user)
                .claim("role", "user")
                .claim("company", company)
                .id(session)
                .issuedAt(Date.from(now))
                .expiration(Date.from(now.plus(LIFE)))
                .signWith(keys.current(Purpose.ACCESS_TOKEN), ALGORITHM)
                .compact();
    }

    /** Reads a token that we signed. 401 for any other. */
    Access read(String token) {
        try {
            Claims claims = parser.parseSignedClaims(token).getPayload();
            return new Access(
                    claims.getId(),
                    claims.get(USER, String.class),
                    claims.getExpiration().toInstant());
        } catch (JwtException | IllegalArgumentException | NullPointerException notOurs) {
            throw Problem.INVALID_TOKEN.with();
        }
    }
}
