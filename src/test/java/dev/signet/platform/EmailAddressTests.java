package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One address has one spelling and one key. */
class EmailAddressTests {

    @ParameterizedTest
    @CsvSource({
        "ada@example.com, ada@example.com",
        "' Ada@EXAMPLE.com\t', Ada@example.com",
        "jo\u0308rg@x.test, j\u00f6rg@x.test",
        "ada@b\u00fccher.example, ada@xn--bcher-kva.example",
        "ada@BU\u0308CHER.example, ada@xn--bcher-kva.example",
        "ada@XN--BCHER-KVA.example, ada@xn--bcher-kva.example",
        "ada@example\u3002com, ada@example.com",
        "ada@stra\u00dfe.example, ada@xn--strae-oqa.example",
        "o'hara+tag@example.com, o'hara+tag@example.com",
        "admin@signet, admin@signet",
    })
    void anAddressIsStoredInItsOneSpelling(String text, String canonical) {
        assertThat(EmailAddress.canonical(text)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "ADA@example.com, ada@Example.COM",
        "J\u00d6RG@x.test, jo\u0308rg@x.test",
        "\u039c\u0386\u03a1\u0399\u039f\u03a3@x.test, \u03bc\u03ac\u03c1\u03b9\u03bf\u03c2@x.test",
        "ada@b\u00fccher.example, ' ADA@xn--bcher-kva.example '",
    })
    void itsSpellingsAreOneAddress(String one, String other) {
        assertThat(EmailAddress.key(one)).isEqualTo(EmailAddress.key(other));
    }

    @ParameterizedTest
    @CsvSource({
        "ada@strasse.example, ada@stra\u00dfe.example",
        "strasse@x.test, stra\u00dfe@x.test",
        "a.b@x.test, ab@x.test"
    })
    void otherAddressesStayOthers(String one, String other) {
        assertThat(EmailAddress.key(one)).isNotEqualTo(EmailAddress.key(other));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "ada@",
                "@example.com",
                "a@b@c",
                "a b@example.com",
                "a\u00a0b@example.com",
                "mailto:x@y.z",
                "<x@y.z>",
                "x@y.z,a@b.c",
                "\"a b\"@y.z",
                "x@[127.0.0.1]",
                "x@y.z?subject=z",
                "x@y/z",
                "a..b@y.z",
                ".a@y.z",
                "a.@y.z",
                "a@y..z",
                "a@.y.z",
                "a@y.z.",
                "a@-y.z",
                "a@y_z.example",
                "a@xn--a.example",
                "a\u3164@y.z",
                "a\u200b@y.z",
                "a@y\u200b.z",
                "a\u202e@y.z",
                "a\u2066@y.z",
                "a\u00ad@y.z",
                "a@y\u00ad.z",
                "a\u2800@y.z",
                "a\ufe0f@y.z",
                "a\u0000@y.z",
                "a\n@y.z",
                "a@y.z\nb",
                "a\ue000@y.z",
            })
    void whatCannotBeAnAddressIsNone(String text) {
        assertThat(EmailAddress.canonical(text)).isNull();
    }
}
