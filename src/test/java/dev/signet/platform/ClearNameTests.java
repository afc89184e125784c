package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A name cannot be mistaken for another, and people may be called what they are called. */
class ClearNameTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Tenant COMPANY = Tenant.create();
    private static final Token TOKEN = COMPANY.token("messages-read");

    private static final String PERSON = COMPANY.person().path();

    private static final Map<String, String> FIELDS = Map.of(
            "name",
            "/api/v2/apitokens/" + TOKEN.id(),
            "userBotName",
            "/api/v2/apitokens/" + TOKEN.id(),
            "name ",
            "/api/v2/accessroles/" + TOKEN.role(),
            "displayName",
            "/api/v2/company",
            "name.names",
            PERSON,
            "name.displayName",
            PERSON,
            "nameDisplay",
            Talk.CHANNELS + "/" + Talk.channel(COMPANY.api()));

    @Test
    void namesThatHideOrPretendAreRefused() {
        for (String name : List.of(
                "p\u0430ypal", // a Cyrillic a among Latin letters
                "\u0410dmin",
                "admi\u03bf", // a Greek o
                "\u0441\u043e\u0440y",
                "Billing \u0430dmin",
                "pay\u200bpal",
                "pay\u200cpal",
                "pay\u200dpal",
                "pay\u2060pal",
                "pay\ufeffpal",
                "pay\u00adpal",
                "\u200b",
                "admin\u200d",
                "\u200dadmin",
                "\ud83d\ude00\u200d",
                "1\u200d2",
                "x\u0301\u200dy",
                "\ud83d\ude00\u200dadmin",
                "\ud83d\ude00\u200d\u200d\ud83d\ude00",
                "\u0645\u200c\u200c\u0645",
                "\u0645\u200cx",
                "\u674e\u200c\u5c0f",
                "pay\ufe0fpal",
                "pay\ufe00pal",
                "1\ufe0f",
                "pay\udb40\udd00pal",
                "admin\udb40\udc61\udb40\udc62",
                "\u2800",
                "admin\u202etxt.exe",
                "\u202aadmin\u202c",
                "\u2066admin\u2069",
                "\u200eadmin",
                "admin\u200f",
                "admin\u061c",
                "a\tb",
                "a\nb",
                "a\r\nb",
                "a\u0000b",
                "a\u001b[31mb",
                "a\u007fb",
                "a\u0085b",
                "a\u2028b",
                "a\u2029b",
                "\u3164",
                "\u115f\u1160",
                "admin\uffa0",
                "ad\u034fmin",
                "admin\ue000",
                "admin\ufffe",
                "",
                "   ",
                "\u00a0",
                "x".repeat(81))) {
            FIELDS.forEach((field, path) -> {
                Answer answer = rename(field, path, name);
                assertThat(answer.status()).as(field + " " + escaped(name)).isEqualTo(400);
                assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field.strip());
            });
        }
    }

    @Test
    void namesOfPeopleAreAccepted() {
        for (String name : List.of(
                "Jos\u00e9 Mu\u00f1oz N\u00fa\u00f1ez",
                "Mar\u00eda de los \u00c1ngeles O'Higgins-D\u00edaz",
                "Facturaci\u00f3n 24/7 (\u00a1urgente!) & m\u00e1s",
                "\u0645\u062d\u0645\u062f \u0639\u0644\u064a",
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", // Persian, with the non-joiner that it needs
                "\u0915\u094d\u200d\u0937", // Hindi, with a joiner
                "\u0410\u043b\u0435\u043a\u0441\u0430\u043d\u0434\u0440",
                "\u0391\u03b8\u03ae\u03bd\u03b1 Team",
                "\u041a\u043e\u043c\u0430\u043d\u0434\u0430 Support",
                "\u674e\u5c0f\u9f8d Bot",
                "\u5c71\u7530\u592a\u90ce",
                "\uae40\ucca0\uc218",
                "\u05d3\u05d5\u05d3",
                "\u0e2a\u0e21\u0e0a\u0e32\u0e22",
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66 Family",
                "\ud83c\udff3\ufe0f\u200d\ud83c\udf08",
                "\ud83d\udc69\ud83c\udffd\u200d\ud83d\ude80 Rocket",
                "\u2764\ufe0f\u200d\ud83d\udd25",
                "1\ufe0f\u20e3 First",
                "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc73\udb40\udc63\udb40\udc74\udb40\udc7f",
                "\u845b\udb40\udd00\u57ce", // a Japanese name, with the form of its character
                "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
                "\ud83d\udc4d\ud83c\udffd",
                "\ud83c\uddea\ud83c\uddf8",
                "Bot \u2014 \u201cquoted\u201d \u2192 \u20ac",
                "x".repeat(80))) {
            FIELDS.forEach((field, path) -> {
                Answer answer = rename(field, path, name);
                assertThat(answer.status()).as(field + " " + escaped(name)).isEqualTo(200);
                assertThat(answer.json().at(pointer(field)).asString())
                        .isEqualTo(Normalizer.normalize(name, Normalizer.Form.NFC));
            });
        }
    }

    @Test
    void aNameIsKeptComposedAndWithoutSpaceAround() {
        String decomposed = "\u00a0 Jose\u0301\u2009Mun\u0303oz \u3000";
        FIELDS.forEach((field, path) -> assertThat(rename(field, path, decomposed)
                        .json()
                        .at(pointer(field))
                        .asString())
                .isEqualTo("Jos\u00e9 Mu\u00f1oz"));
    }

    private static Answer rename(String field, String path, String name) {
        List<String> parts = List.of(field.strip().split("\\.", -1));
        Object value = parts.size() == 1 ? name : Map.of(parts.getLast(), name);
        return Wire.request("PATCH", path)
                .bearer(COMPANY.bearer())
                .json(JSON.writeValueAsString(Map.of(parts.getFirst(), value)))
                .to(Node.one());
    }

    private static String pointer(String field) {
        return "/data/" + field.strip().replace('.', '/');
    }

    private static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        name.chars().forEach(c -> text.append(c < 0x7f && c > 0x1f ? Character.toString(c) : "<%04x>".formatted(c)));
        return text.toString();
    }
}
