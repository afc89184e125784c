package dev.signet.platform;

import static dev.signet.Tenant.ROLES;
import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.USERS;
import static dev.signet.Tenant.newPerson;
import static dev.signet.Tenant.newToken;
import static dev.signet.Tenant.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Tenant.Token;
import dev.signet.access.Routes;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestBody;

/** An id in uppercase is the same id, wherever a request may hold one. */
class UppercaseIdTests {

    /** What fields and parameters that hold ids are called. */
    private static final Set<String> NAMES = Set.of(
            "_id",
            "id",
            "ids",
            "accessRole",
            "accessRoles",
            "actor",
            "after",
            "avatar",
            "before",
            "channel",
            "channels",
            "createdBy",
            "impersonates",
            "item",
            "owner",
            "reply",
            "sentBy",
            "token",
            "user",
            "userIds",
            "writeUserIds");

    private final Tenant company = Tenant.create();
    private final Token token = company.token("*");
    private final Person person = company.person();
    private final String general = Tables.texts("select id from channels where company_id = ?", company.id())
            .getFirst();

    @Test
    void inAPath() {
        for (String path : List.of(
                TOKENS + "/" + upper(token.id()),
                ROLES + "/" + upper(token.role()),
                USERS + "/" + upper(person.id()),
                "/api/v2/channels/" + upper(general))) {
            Answer answer = company.api().get(path).expect(200);
            assertThat(path).endsWithIgnoringCase(answer.data("_id"));
            assertThat(answer.data("_id")).isLowerCase();
        }
        company.api()
                .patch(TOKENS + "/" + upper(token.id()), Map.of("name", "Renamed"))
                .expect(200);
        assertThat(company.api()
                        .send(
                                HttpMethod.PUT,
                                "/api/v2/channels/" + upper(general) + "/users/" + upper(person.id()),
                                null)
                        .expect(200)
                        .data("_id"))
                .isEqualTo(general);
        assertThat(Tenant.events(token.id())).containsExactly("create", "modify");
    }

    @Test
    void inAQuery() {
        String admin = company.api().get(USERS + "/me").data("_id");
        for (String query : List.of(
                TOKENS + "?ids=" + upper(token.id()) + "&ids=ffffffffffffffffffffffff",
                TOKENS + "?ids=" + upper(token.id()),
                TOKENS + "?accessRole=" + upper(token.role()),
                TOKENS + "?createdBy=" + upper(admin),
                USERS + "?isBot=true&accessRole=" + upper(token.role()),
                USERS + "?id=" + upper(person.id()) + "&id=" + upper(token.id()),
                "/api/v2/channels?user=" + upper(admin),
                "/api/v2/auditlogs?item=" + upper(token.id()))) {
            List<?> found = company.api().get(query).expect(200).data().values().stream()
                    .flatMap(list -> list.values().stream())
                    .toList();
            assertThat(found).as(query).hasSize(1);
        }
    }

    @Test
    void inABody() {
        Answer made = company.api()
                .post(
                        TOKENS,
                        with(
                                with(newToken(upper(token.role())), "impersonates", List.of(upper(token.user()))),
                                "channels",
                                List.of(upper(general))))
                .expect(201);
        assertThat(made.data().path("accessRoles").path(0).asString()).isEqualTo(token.role());
        assertThat(made.data().path("impersonates").path(0).asString()).isEqualTo(token.user());

        Answer edited = company.api()
                .patch(
                        TOKENS + "/" + made.data("_id"),
                        Map.of("accessRoles", List.of(upper(token.role()), token.role())))
                .expect(200);
        assertThat(edited.header("ETag")).as("nothing has changed").isEqualTo(made.header("ETag"));

        assertThat(company.api()
                        .post(USERS, newPerson(upper(token.role())))
                        .expect(201)
                        .data()
                        .path("accessRoles")
                        .path(0)
                        .asString())
                .isEqualTo(token.role());
        company.api()
                .post(TOKENS + "/preview", Map.of("accessRoles", List.of(upper(token.role()))))
                .expect(200);
        Answer channel = company.api()
                .post(
                        "/api/v2/channels",
                        Map.of("nameDisplay", "Up", "nameCode", "up", "userIds", List.of(upper(person.id()))))
                .expect(201);
        company.api()
                .patch(
                        "/api/v2/channels/" + channel.data("_id"),
                        Map.of("settings", Map.of("writeUserIds", List.of(upper(person.id())))))
                .expect(200);

        Api bot = Api.as(made.data("token"));
        Map<String, Object> message =
                Map.of("channel", upper(general), "content", "DEADBEEFDEADBEEFDEADBEEF", "contentType", "text/plain");
        Answer first = bot.post("/api/v1/messages", message).expect(201);
        assertThat(first.data("content")).as("a text is no id").isEqualTo("DEADBEEFDEADBEEFDEADBEEF");
        Answer second = bot.post(
                        "/api/v1/messages",
                        with(
                                with(message, "reply", List.of(upper(first.data("_id")))),
                                "sentBy",
                                upper(made.data("user"))))
                .expect(201);
        assertThat(bot.get("/api/v2/channels/" + upper(general) + "/messages?before=" + upper(second.data("_id")))
                        .expect(200)
                        .text())
                .contains(first.data("_id"));
    }

    @Test
    void everyFieldAndParameterThatHoldsAnIdSaysSo() {
        Set<String> unmarked = new TreeSet<>();
        Node.one().bean(Routes.class).all().stream()
                .flatMap(route -> Stream.of(route.handler().getMethodParameters()))
                .filter(parameter -> parameter.hasParameterAnnotation(RequestBody.class)
                        || parameter.hasParameterAnnotation(ParameterObject.class))
                .map(MethodParameter::getGenericParameterType)
                .forEach(type -> collect(type, unmarked, new ArrayList<>()));
        assertThat(unmarked).isEmpty();
    }

    private static void collect(Type type, Set<String> unmarked, List<Type> seen) {
        if (seen.contains(type)) {
            return;
        }
        seen.add(type);
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                collect(argument, unmarked, seen);
            }
        } else if (type instanceof Class<?> record && record.isRecord()) {
            for (RecordComponent component : record.getRecordComponents()) {
                boolean text = component.getType() == String.class || component.getType() == List.class;
                if (text && NAMES.contains(component.getName()) && !component.isAnnotationPresent(ObjectId.class)) {
                    unmarked.add(record.getName() + "." + component.getName());
                }
                collect(component.getGenericType(), unmarked, seen);
            }
        }
    }

    private static String upper(String id) {
        return id.toUpperCase(Locale.ROOT);
    }
}
