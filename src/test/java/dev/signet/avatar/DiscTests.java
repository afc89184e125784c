package dev.signet.avatar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiscTests {

    /** WCAG 2.2, success criterion 1.4.3. */
    private static final double READABLE = 4.5;

    @Test
    void whiteInitialsCanBeReadOnEachColour() {
        assertThat(Disc.PALETTE).hasSize(12).doesNotHaveDuplicates().allSatisfy(colour -> {
            int rgb = Integer.parseInt(colour.substring(1), 16);
            double luminance =
                    0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
            assertThat(1.05 / (luminance + 0.05)).isGreaterThanOrEqualTo(READABLE);
        });
    }

    private static double linear(int part) {
        double share = part / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
