package dev.signet.security;

import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.newPerson;
import static dev.signet.Tenant.newToken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tables;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Tenant.Token;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.access.InGrace;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import dev.signet.platform.One;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;

/** A replaced or limited secret hands out nothing that outlasts it, on no route, also not on the routes of tomorrow. */
class ReplacedSecretTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final List<Route> CLOSED = Node.one().bean(Routes.class).all().stream()
            .filter(route -> !route.open())
            .toList();

    @Test
    void inItsGraceASecretIsRefusedOnEveryChangingRouteThatIsNotDeclaredHarmless() {
        assertThat(CLOSED).hasSizeGreaterThan(20).allSatisfy(route -> {
            Token token = COMPANY.token("*");
            COMPANY.api()
                    .post(token.path() + "/rotate", Map.of("graceSeconds", 600))
                    .expect(200);
            Answer answer = garbage(route).bearer(token.secret()).to(Node.one());
            boolean harmless = route.method().equals("GET") || route.handler().hasMethodAnnotation(InGrace.class);
            if (harmless) {
                assertThat(answer.status()).isNotIn(401, 403).isLessThan(500);
                assertThat(answer.code()).isNotEqualTo("secret_replaced");
            } else {
                assertThat(answer.status()).isEqualTo(409);
                assertThat(answer.code()).isEqualTo("secret_replaced");
            }
        });
    }

    @Test
    void nothingLastingIsAmongWhatIsDeclaredHarmless() {
        assertThat(CLOSED.stream()
                        .filter(route -> route.handler().hasMethodAnnotation(InGrace.class))
                        .map(Route::text))
                .containsExactlyInAnyOrder(
                        "POST /api/v1/messages",
                        "PATCH /api/v1/messages/{id}",
                        "PATCH /api/v1/messages/{id}/remove",
                        "PUT /api/v1/messages/{id}/reactions/{emoji}",
                        "DELETE /api/v1/messages/{id}/reactions/{emoji}",
                        "POST /api/v2/avatars",
                        "POST /api/v2/apitokens/preview",
                        "POST /api/v2/apitokens/{id}/revoke",
                        // its own rule: only while the newer secret was never used
                        "POST /api/v2/apitokens/self/rotate",
                        "POST /api/v2/apitokens/self/revoke");
    }

    @Test
    void anOldSecretCannotTakeTheTokenOver() {
        Token token = COMPANY.token("*");
        Person person = COMPANY.person();
        Api old = Api.as(token.secret());
        String fresh = old.post(TOKENS + "/self/rotate", null).expect(200).data("token");
        List<String> before = unlogged();

        old.post(token.path() + "/rotate", Map.of()).expect(409, "secret_replaced");
        old.post(TOKENS, newToken(token.role())).expect(409, "secret_replaced");
        old.post(person.path() + "/password", null).expect(409, "secret_replaced");
        old.post(Tenant.USERS, newPerson()).expect(409, "secret_replaced");
        old.patch(token.path(), Map.of("name", "Mine")).expect(409, "secret_replaced");

        assertThat(unlogged()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(Tables.texts(
                        "select distinct route from audit_logs where token = ? and event = 'deny'"
                                + " and changes = '{\"code\": \"secret_replaced\"}'",
                        token.id()))
                .containsExactlyInAnyOrder(
                        "POST /api/v2/apitokens/{id}/rotate",
                        "POST /api/v2/apitokens",
                        "POST /api/v2/users/{id}/password",
                        "POST /api/v2/users",
                        "PATCH /api/v2/apitokens/{id}");
        old.get(TOKENS + "/self").expect(200);
        old.post(TOKENS + "/preview", Map.of("accessRoles", List.of(token.role())))
                .expect(200);
        Api.as(fresh).get(TOKENS + "/self").expect(200);
        old.post(token.path() + "/revoke", Map.of()).expect(200);
    }

    /** Every route whose response carries a secret or a password, called properly. A new one must be added here. */
    @Test
    void neitherAReplacedNorALimitedSecretGetsACredentialBeyondItself() {
        Person person = COMPANY.person();
        Token open = COMPANY.token("messages-read");
        Map<String, Object> bodies = new HashMap<>();
        bodies.put("POST /api/v2/apitokens", newToken(open.role()));
        bodies.put("POST /api/v2/apitokens/{id}/rotate", Map.of());
        bodies.put("POST /api/v2/apitokens/self/rotate", Map.of());
        bodies.put("POST /api/v2/users/{id}/password", "");
        List<Route> issuing =
                CLOSED.stream().filter(ReplacedSecretTests::issues).toList();
        assertThat(issuing).extracting(Route::text).containsExactlyInAnyOrderElementsOf(bodies.keySet());

        for (Map<String, ?> limit : List.of(
                Map.of("expiresAt", "2099-01-01T00:00:00Z"), Map.of("allowedIps", List.of("127.0.0.0/8", "::1")))) {
            Token limited = COMPANY.token("*");
            COMPANY.edit(limited, limit);
            issuing.stream().filter(route -> !route.path().contains("/self/")).forEach(route -> {
                String id = route.path().contains("/users/") ? person.id() : open.id();
                Object body = bodies.get(route.text());
                Api.as(limited.secret())
                        .post(route.path().replace("{id}", id), "".equals(body) ? null : body)
                        .expect(403, "wider_than_own");
            });
            // its own next secret has its own bounds
            Api fresh = Api.as(Api.as(limited.secret())
                    .post(TOKENS + "/self/rotate", null)
                    .expect(200)
                    .data("token"));
            fresh.post(person.path() + "/password", null).expect(403, "wider_than_own");
        }
        assertThat(Tenant.events(person.id())).containsExactly("create");
        assertThat(Tenant.events(open.id())).containsExactly("create");
        Api.as(COMPANY.token("*").secret())
                .post(person.path() + "/password", null)
                .expect(200);
    }

    /** All that belongs to the company, except the log. */
    private static List<String> unlogged() {
        return Tables.dump(COMPANY.id()).stream()
                .filter(row -> !row.startsWith("audit_"))
                .toList();
    }

    private static boolean issues(Route route) {
        ResolvableType type = ResolvableType.forMethodReturnType(route.handler().getMethod());
        if (HttpEntity.class.isAssignableFrom(type.toClass())) {
            type = type.getGeneric(0);
        }
        Class<?> answered = (type.toClass() == One.class ? type.getGeneric(0) : type).toClass();
        return Stream.concat(Arrays.stream(answered.getDeclaredMethods()), Arrays.stream(answered.getMethods()))
                .filter(method -> method.getReturnType() == String.class)
                .map(Method::getName)
                .anyMatch(Set.of("token", "password", "secret")::contains);
    }

    /** A request that is wrong in everything but its address. */
    private static Wire garbage(Route route) {
        Wire request = Wire.request(
                route.method(), route.path().replaceAll("\\{\\w+}", "ffffffffffffffffffffffff") + "?nonsense=1");
        return route.method().equals("GET") ? request : request.body("text/plain", "{\"nonsense\"");
    }
}
