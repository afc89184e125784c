package dev.signet.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.platform.StartRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLimitTests {

    @Test
    void anEmptySettingMeansTheUsualLimit() {
        assertThat(new TokenLimit("").mostLiving).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lots", "0", "-1", "1e4", "99999999999"})
    void aLimitThatIsNoPositiveWholeNumberStopsTheStart(String text) {
        assertThatThrownBy(() -> new TokenLimit(text))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage("SIGNET_MAX_LIVING_TOKENS is not a positive whole number: " + text);
    }
}
