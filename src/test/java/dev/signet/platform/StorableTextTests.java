package dev.signet.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;

/** A text that PostgreSQL or UTF-8 cannot carry is refused at the door, in every field and parameter there is. */
class StorableTextTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final Token TOKEN = COMPANY.token("messages-read");
    private static final Person PERSON = COMPANY.person();
    private static final String CHANNEL = Talk.channel(COMPANY.api());
    private static final String MESSAGE = Talk.say(COMPANY.api(), CHANNEL, "words");
    private static final List<Route> ROUTES = Node.one().bean(Routes.class).all();

    private static final List<String> BAD_TEXTS =
            List.of("\\u0000", "a\\u0000b", "\\ud800", "\\udc00", "\\udc00\\ud800", "a\\ud83d");

    @Test
    void aFieldOfABodyTakesNoNulAndNoHalfOfASurrogatePair() {
        int tried = 0;
        List<String> before = Tables.dump(COMPANY.id());
        for (Route route : ROUTES) {
            for (String text : BAD_TEXTS) {
                for (String body : objects(fieldsOfBody(route), text).toList()) {
                    assertThat(send(route, body).status())
                            .as(route.text() + " " + body)
                            .isEqualTo(400);
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(100);
        assertThat(Tables.dump(COMPANY.id())).isEqualTo(before);
    }

    @Test
    void aFieldThatTheBodyMayNotHaveIsNamedWhateverItsName() {
        for (Route route :
                ROUTES.stream().filter(route -> !fieldsOfBody(route).isEmpty()).toList()) {
            for (String name : BAD_TEXTS) {
                Answer answer = send(route, "{\"" + name + "\": 1}");
                assertThat(answer.status()).as(route.text() + " " + name).isEqualTo(400);
                assertThat(answer.json().at("/errors/0/code").asString()).isIn("unknown_field", "json");
            }
        }
    }

    @Test
    void aParameterOfAQueryTakesNoNulAndNoBytesThatAreNoText() {
        int tried = 0;
        for (Route route :
                ROUTES.stream().filter(route -> route.method().equals("GET")).toList()) {
            for (String name : parameters(route)) {
                for (String bytes : List.of("%00", "a%00b", "%ED%A0%80", "%ff", "%c0%80", "%zz", "%", "%u0000")) {
                    Answer answer = Wire.get(path(route) + "?" + name + "=" + bytes)
                            .bearer(COMPANY.bearer())
                            .to(Node.one());
                    assertThat(answer.status())
                            .as(route.text() + " " + name + " " + bytes)
                            .isEqualTo(400);
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(100);
        for (String name : List.of("%00", "%ED%A0%80", "%ff", "%zz")) {
            assertThat(Wire.get("/api/v2/apitokens?" + name + "=1")
                            .bearer(COMPANY.bearer())
                            .to(Node.one())
                            .status())
                    .as(name)
                    .isEqualTo(400);
        }
    }

    @Test
    void anIdInAPathMayBeAnything() {
        for (Route route :
                ROUTES.stream().filter(route -> route.path().contains("{")).toList()) {
            for (String id :
                    List.of("%ED%A0%80", "%ff", "%c0%80", "%F0%9F%98%80", "%27", "x".repeat(5_000), "%C3%A9")) {
                Wire request = Wire.request(route.method(), route.path().replaceAll("\\{\\w+}", id))
                        .bearer(COMPANY.bearer());
                Answer answer = (fieldsOfBody(route).isEmpty() ? request : request.json("{}")).to(Node.one());
                assertThat(answer.status()).as(route.text() + " " + id).isIn(400, 404);
            }
        }
    }

    private static Answer send(Route route, String body) {
        return Wire.request(route.method(), path(route))
                .bearer(route.open() ? null : COMPANY.bearer())
                .json(body)
                .to(Node.one());
    }

    private static String path(Route route) {
        String id = switch (route.path().replaceAll("^/api/v\\d/|/\\{id}.*", "")) {
            case "accessroles" -> TOKEN.role();
            case "channels", "messages/channel" -> CHANNEL;
            case "messages" -> MESSAGE;
            case "users" -> PERSON.id();
            default -> TOKEN.id();
        };
        return route.path()
                .replace("{id}", id)
                .replace("{userId}", TOKEN.user())
                .replace("{iso}", "2020-01-01")
                .replaceAll("\\{\\w+}", "x");
    }

    /** The fields of the record that the route's body becomes; of a patch, those of what it is laid onto. */
    private static List<RecordComponent> fieldsOfBody(Route route) {
        return Arrays.stream(route.handler().getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestBody.class))
                .map(MethodParameter::getGenericParameterType)
                .map(type -> type instanceof ParameterizedType patch ? patch.getActualTypeArguments()[0] : type)
                .flatMap(type -> Stream.of(((Class<?>) type).getRecordComponents()))
                .toList();
    }

    /** Objects of one field each, with the text in it, however deep records stand in one another. */
    private static Stream<String> objects(List<RecordComponent> fields, String text) {
        return fields.stream()
                .flatMap(field -> values(field.getGenericType(), text)
                        .map(value -> "{\"" + field.getName() + "\": " + value + "}"));
    }

    private static Stream<String> values(Type type, String text) {
        Stream<String> itself = Stream.of("\"" + text + "\"");
        if (type instanceof ParameterizedType list) {
            return Stream.concat(
                    itself, values(list.getActualTypeArguments()[0], text).map(value -> "[" + value + "]"));
        }
        return type instanceof Class<?> nested && nested.isRecord()
                ? Stream.concat(itself, objects(List.of(nested.getRecordComponents()), text))
                : itself;
    }

    private static List<String> parameters(Route route) {
        List<String> names = new ArrayList<>();
        for (MethodParameter parameter : route.handler().getMethodParameters()) {
            if (parameter.hasParameterAnnotation(ParameterObject.class)) {
                Arrays.stream(parameter.getParameterType().getRecordComponents())
                        .map(RecordComponent::getName)
                        .forEach(names::add);
            }
        }
        return names;
    }
}
