package dev.signet.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Forgery;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A secret cannot be guessed, and what is none is known without asking anybody. */
class SecretTests {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int MANY = 100_000;

    @Test
    void ofAHundredThousandSecretsNoPartComesTwiceAndTheirCharactersAreEven() {
        Set<String> publicIds = new HashSet<>();
        Set<String> randomParts = new HashSet<>();
        long[] counts = new long[128];
        for (int i = 0; i < MANY; i++) {
            String text = Secret.generate().plainText();
            String random = text.substring(17, 60);
            publicIds.add(Forgery.publicId(text));
            randomParts.add(random);
            (Forgery.publicId(text) + random).chars().forEach(c -> counts[c]++);
        }
        assertThat(publicIds).hasSize(MANY);
        assertThat(randomParts).hasSize(MANY);
        // 61 degrees of freedom: a fair source stays below 145 in all but one of a hundred million runs
        assertThat(chiSquare(counts)).isLessThan(145);
    }

    @Test
    void aSecretHasTheShapeThatScannersLookFor() {
        String text = Secret.generate().plainText();
        assertThat(text).matches(Pattern.compile("sgt_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}"));
        assertThat(text).endsWith(Forgery.checksum(text.substring(0, 60)));
        assertThat(Secret.parse(text)).isNotNull().hasToString("***");
    }

    @Test
    void noArbitraryTextPassesForASecret() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            String text = i % 2 == 0
                    ? text(random, random.nextInt(200))
                    : "sgt_" + digits(random, 12) + "_" + digits(random, 49);
            assertThat(Secret.parse(text)).as(text).isNull();
        }
    }

    @Test
    void oneWrongCharacterAnywhereIsNoticed() {
        Random random = new Random(11);
        for (int i = 0; i < 1_000; i++) {
            StringBuilder text = new StringBuilder(Secret.generate().plainText());
            int at = random.nextInt(text.length());
            char before = text.charAt(at);
            char after = DIGITS.charAt(random.nextInt(DIGITS.length()));
            text.setCharAt(at, after);
            assertThat(Secret.parse(text.toString()) == null).isEqualTo(before != after);
        }
    }

    private static double chiSquare(long[] counts) {
        double expected = MANY * 55.0 / DIGITS.length();
        return DIGITS.chars()
                .mapToDouble(c -> (counts[c] - expected) * (counts[c] - expected) / expected)
                .sum();
    }

    private static String text(Random random, int length) {
        return random.ints(length, 0, 0x250)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String digits(Random random, int length) {
        return random.ints(length, 0, DIGITS.length())
                .map(DIGITS::charAt)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
