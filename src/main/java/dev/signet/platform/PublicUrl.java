package dev.signet.platform;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** How people reach the service ({@code SIGNET_PUBLIC_URL}), where that differs from how its requests arrive. */
@Component
public class PublicUrl implements Setting {

    private final @Nullable URI url;

    PublicUrl(@Value("${signet.public-url:}") String url) {
        this.url = url.isBlank() ? null : parse(url.strip());
    }

    public boolean isSecure() {
        return url != null && "https".equals(url.getScheme());
    }

    /** The address to show to people. */
    public String orElse(String other) {
        return url == null ? other : url.toString();
    }

    private static URI parse(String text) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && String.valueOf(url.getScheme()).matches("https?")) {
                return url;
            }
        } catch (IllegalArgumentException malformed) {
            // told below, in our words
        }
        throw new StartRefusedException(
                "SIGNET_PUBLIC_URL is not an address: " + text,
                "Give it as people type it, e.g. https://signet.example");
    }
}
