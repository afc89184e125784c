package dev.signet.security;

import static dev.signet.Tenant.TOKENS;
import static dev.signet.Tenant.USERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Talk;
import dev.signet.Tenant;
import dev.signet.Tenant.Person;
import dev.signet.Wire;
import dev.signet.Wire.Answer;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

/** Nothing that a request carries is silently ignored: neither a body, nor an encoding, nor a repeated parameter. */
class StrictnessTests {

    private static final Tenant COMPANY = Tenant.create();
    private static final List<Route> ROUTES = Node.one().bean(Routes.class).all();
    private static final String NOBODYS_ID = "ffffffffffffffffffffffff";

    @Test
    void aRouteThatReadsNoBodyRefusesOne() {
        List<Route> without = ROUTES.stream()
                .filter(route -> Accepted.by(route.handler()).body() == Accepted.Body.NONE)
                .toList();
        assertThat(without).hasSizeGreaterThan(20).allSatisfy(route -> {
            List<Wire> bodies = List.of(
                    call(route).json("{}"),
                    call(route).json("{\"password\": \"mine\"}"),
                    call(route).body("text/plain", "x"),
                    call(route).header("Transfer-Encoding", "chunked").text("1\r\nx\r\n0\r\n\r\n"));
            assertThat(bodies).allSatisfy(request -> {
                Answer answer = request.to(Node.one());
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.json().path("errors")).hasSize(1);
                assertThat(answer.json().at("/errors/0/code").asString()).isEqualTo("body_not_expected");
            });
        });
    }

    @Test
    void aBodyIsNotLookedAtBeforeItsSenderIsKnown() {
        Person person = COMPANY.person();
        String weak = COMPANY.token("messages-read").secret();
        Api.as(null).send(HttpMethod.POST, person.path() + "/password", "{}").expect(401);
        Api.as(weak).send(HttpMethod.POST, person.path() + "/password", "{}").expectMissing("admin-users-write");
    }

    @Test
    void anEmptyBodyIsNone() {
        Person person = COMPANY.person();
        for (String framing : List.of("Content-Type: application/json", "Content-Length: 0")) {
            String[] header = framing.split(": ", 2);
            assertThat(Wire.request("POST", person.path() + "/password")
                            .bearer(COMPANY.bearer())
                            .header(header[0], header[1])
                            .to(Node.one())
                            .status())
                    .as(framing)
                    .isEqualTo(200);
        }
        assertThat(Wire.get(USERS + "/me")
                        .bearer(COMPANY.bearer())
                        .header("Content-Type", "application/json")
                        .header("Transfer-Encoding", "chunked")
                        .text("0\r\n\r\n")
                        .to(Node.one())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anEncodedBodyIsRefusedBeforeItIsRead() {
        assertThat(ROUTES).allSatisfy(route -> {
            for (String coding : List.of("gzip", "br", "identity, deflate", "GZIP", "nonsense")) {
                // none of the announced body is ever sent
                Answer answer = call(route)
                        .header("Content-Encoding", coding)
                        .header("Content-Type", "application/json")
                        .header("Content-Length", "50")
                        .to(Node.one());
                assertThat(answer.status()).as(coding).isEqualTo(415);
                assertThat(answer.code()).isEqualTo("unsupported_content_encoding");
                assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
            }
        });
        Api plain = COMPANY.api().with("Content-Encoding", "identity");
        plain.post(TOKENS, Tenant.newToken(COMPANY.role("messages-read"))).expect(201);
    }

    @Test
    void aSingleParameterSentTwiceIsNamed() {
        String id = NOBODYS_ID;
        Map<String, String> queries = Map.of(
                TOKENS + "?limit=1&limit=50",
                "limit",
                TOKENS + "?limit=1&limit=1",
                "limit",
                TOKENS + "?search=a&search=b",
                "search",
                TOKENS + "?search=&search=",
                "search",
                TOKENS + "?createdBy=" + id + "&createdBy=" + id,
                "createdBy",
                USERS + "?page=1&page=1",
                "page",
                Talk.CHANNELS + "?cursor=a&cursor=b",
                "cursor",
                "/api/v2/auditlogs?from=2026-01-01&from=2026-01-02",
                "from");
        queries.forEach((query, name) -> COMPANY.api().get(query).expectFields(name + ": twice"));
        COMPANY.api().get(USERS + "?email=a@b.test&email=c@d.test&ids=x&ids=y").expect(200);
    }

    @Test
    void noSingleParameterOfAnyRouteIsSentTwice() {
        long tried = ROUTES.stream()
                .flatMap(route -> Accepted.by(route.handler()).parameters().entrySet().stream()
                        .filter(parameter -> !parameter.getValue())
                        .peek(parameter -> {
                            String query = "?%1$s=1&%1$s=1".formatted(parameter.getKey());
                            Answer answer = Wire.request(route.method(), path(route) + query)
                                    .bearer(COMPANY.bearer())
                                    .to(Node.one());
                            assertThat(answer.status()).as(route.text() + query).isIn(400, 415);
                        }))
                .count();
        assertThat(tried).isGreaterThan(100);
    }

    @Test
    void aPictureThatIsNoFormIsTheWrongMediaTypeWhateverItsSize() {
        for (int size : List.of(10, 70_000, 3_000_000)) {
            Answer answer = Wire.request("POST", "/api/v2/avatars")
                    .bearer(COMPANY.bearer())
                    .body("image/png", "x".repeat(size))
                    .to(Node.one());
            assertThat(answer.status()).as("%d bytes", size).isEqualTo(415);
            assertThat(answer.json().path("detail").asString()).contains("multipart/form-data");
        }
    }

    private static Wire call(Route route) {
        return Wire.request(route.method(), path(route)).bearer(COMPANY.bearer());
    }

    private static String path(Route route) {
        return route.path().replace("{iso}", "2020-01-01").replaceAll("\\{\\w+}", NOBODYS_ID);
    }
}
