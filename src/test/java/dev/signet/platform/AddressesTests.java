package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An address has one spelling, and is read from nothing but an address. */
class AddressesTests {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "::ffff:203.0.113.7, 203.0.113.7",
        "::FFFF:cb00:7107, 203.0.113.7",
        "fe80::1%eth0, fe80::1",
        "unknown, unknown",
        "203.0.113.7/32, 203.0.113.7/32",
        "'', ''",
    })
    void anAddressIsWrittenAsRfc5952Says(String text, String written) {
        assertThat(Addresses.text(text)).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7/32, 203.0.113.7",
        "203.0.113.0/24, 203.0.113.0/24",
        "0.0.0.0/0, 0.0.0.0/0",
        "::/0, ::/0",
        "::1/128, ::1",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
        "::ffff:0:0/96, 0.0.0.0/0",
        "2001:DB8::/32, 2001:db8::/32",
    })
    void aNetworkHasOneSpelling(String text, String written) {
        assertThat(Addresses.network(text)).isNotNull();
        assertThat(Addresses.networkText(text)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "all",
                "10",
                "10.1",
                "10.0.0.0/8;80",
                "10.0.0.0/+8",
                "/8",
                "10.0.0.1-5",
                "0377.1.1.1",
                "0b101.0.0.1",
                "4)+k&C#VzJ4br>0wv%Yp",
                "20010db8000000000000000000000001",
                "2001:db8:00001::",
                "2001-db8--1.ipv6-literal.net",
                "١.1.1.1",
                "::10.0.0.1",
                "::a00:1",
                "::",
                "10.0.0.5/8",
            })
    void whatIsNoNetworkIsNotReadAsOne(String text) {
        assertThat(Addresses.network(text)).isNull();
    }

    @Test
    void whoHasAnIpv6AddressHasItsNetworks() {
        assertThat(Addresses.owned("2001:db8:1:203:4::5"))
                .containsExactly("2001:db8:1:203::/64", "2001:db8:1:200::/56", "2001:db8:1::/48");
        assertThat(Addresses.owned("::ffff:203.0.113.7")).containsExactly("203.0.113.7");
        assertThat(Addresses.owned("unknown")).containsExactly("unknown");
    }
}
