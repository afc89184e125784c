package dev.signet.platform;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.IDNA;
import java.text.Normalizer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** E-mail addresses, and which of their spellings are one address (docs/decisions/0015). */
public final class EmailAddress {

    private static final int LONGEST = 254;

    /** The dot-atom of RFC 5322 §3.2.3, with the letters that RFC 6531 adds. */
    private static final Pattern LOCAL_PART;

    static {
        String atom = "[^\\x00-\\x20\\x7f\"(),.:;<>@\\[\\\\\\]]+";
        LOCAL_PART = Pattern.compile(atom + "(\\." + atom + ")*");
    }

    // UTS #46 as browsers apply it. The JDK's java.net.IDN is IDNA2003: to it, straße.example is strasse.example.
    private static final IDNA DOMAINS = IDNA.getUTS46Instance(
            IDNA.USE_STD3_RULES | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ | IDNA.NONTRANSITIONAL_TO_ASCII);

    private static final int BRAILLE_BLANK = 0x2800;

    private EmailAddress() {}

    /**
     * The address as it is stored and shown: trimmed, in NFC, its domain in IDNA ASCII. Null if it cannot be an address, as
     * far as one can tell without sending mail.
     */
    public static @Nullable String canonical(String text) {
        String address = Names.clean(text);
        int at = address.lastIndexOf('@');
        if (at < 0 || address.codePoints().anyMatch(EmailAddress::isInvisible)) {
            return null;
        }
        String localPart = address.substring(0, at);
        String domain = ascii(address.substring(at + 1));
        if (domain == null || !LOCAL_PART.matcher(localPart).matches()) {
            return null;
        }
        String canonical = localPart + "@" + domain;
        return canonical.codePointCount(0, canonical.length()) <= LONGEST ? canonical : null;
    }

    /**
     * The address as it is compared: the same for all its spellings, in any case. For text that cannot be an address, a key
     * that belongs to no account.
     */
    public static String key(String text) {
        String canonical = canonical(text);
        StringBuilder folded = new StringBuilder();
        (canonical == null ? Names.clean(text) : canonical)
                .codePoints()
                .map(point -> UCharacter.foldCase(point, true))
                .forEach(folded::appendCodePoint);
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }

    private static @Nullable String ascii(String domain) {
        IDNA.Info info = new IDNA.Info();
        StringBuilder ascii = DOMAINS.nameToASCII(domain, new StringBuilder(), info);
        boolean empty = ascii.isEmpty() || ascii.charAt(ascii.length() - 1) == '.';
        return info.hasErrors() || empty ? null : ascii.toString();
    }

    private static boolean isInvisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                point == BRAILLE_BLANK || UCharacter.hasBinaryProperty(point, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
        };
    }
}
