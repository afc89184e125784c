package dev.signet.token;

import dev.signet.platform.Setting;
import dev.signet.platform.StartRefusedException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** How many living API tokens a company may have ({@code SIGNET_MAX_LIVING_TOKENS}). */
@Component
class TokenLimit implements Setting {

    private static final int USUAL = 10_000;

    final int mostLiving;

    TokenLimit(@Value("${signet.max-living-tokens:}") String text) {
        mostLiving = text.isBlank() ? USUAL : parse(text.strip());
    }

    private static int parse(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // answered below, in our words
        }
        throw new StartRefusedException(
                "SIGNET_MAX_LIVING_TOKENS is not a positive whole number: " + text, "Give one, e.g. " + USUAL + ".");
    }
}
