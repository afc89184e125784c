package dev.signet.token;

import static dev.signet.Tenant.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Answer;
import dev.signet.Api;
import dev.signet.Node;
import dev.signet.Tenant;
import dev.signet.Tenant.Token;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What every list can be asked, tried on that of API tokens. */
class TokenListTests {

    private static final int MANY = 37;

    private static final Tenant COMPANY = Tenant.create();

    private final Tenant company = Tenant.create();

    @BeforeAll
    static void makeMany() {
        String role = COMPANY.role("messages-read");
        for (int i = 0; i < MANY; i++) {
            Answer made = COMPANY.api().post(TOKENS, Tenant.newToken(role)).expect(201);
            if (i % 3 == 0) {
                Api.as(made.data("token")).get(TOKENS + "/self").expect(200);
            }
        }
        Node.one().bean(Uses.class).write();
    }

    @Test
    void aPageHasTenUnlessAskedOtherwiseAndNoCountUnlessAskedFor() {
        JsonNode page = many("").data();
        assertThat(page.path("apiTokens").size()).isEqualTo(10);
        assertThat(page.has("count")).isFalse();

        JsonNode counted = many("?limit=25&count=true&page=2").data();
        assertThat(counted.path("apiTokens").size()).isEqualTo(MANY - 25);
        assertThat(counted.path("count").asInt()).isEqualTo(MANY);
        assertThat(counted.has("nextCursor")).isFalse();
    }

    @Test
    void aLimitOfMoreThanAHundredCountsAsAHundred() {
        assertThat(many("?limit=5000").data().path("apiTokens").size()).isEqualTo(MANY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "code", "created", "modified", "expires", "lastUsed"})
    void byCursorEachOneComesExactlyOnceInEverySortAndOrder(String sort) {
        for (String order : List.of("asc", "desc")) {
            List<String> walked = walk("?limit=5&sortBy=" + sort + "&orderBy=" + order);
            assertThat(walked).hasSize(MANY).doesNotHaveDuplicates();
            assertThat(walked).isEqualTo(ids(many("?limit=100&sortBy=" + sort + "&orderBy=" + order)));
        }
    }

    @Test
    void theNextPageIsLinked() {
        Answer first = many("?limit=5&search=token&isActive=true&debug=a%3Db%20c&page=1");
        String next = first.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
        URI uri = URI.create(next);

        Answer second =
                COMPANY.api().get(uri.getRawPath() + "?" + uri.getRawQuery()).expect(200);

        assertThat(ids(second)).hasSize(5).doesNotContainAnyElementsOf(ids(first));
    }

    @Test
    void newAndEditedTokensNeitherRepeatNorHideOthers() {
        String role = company.role("messages-read");
        for (int i = 0; i < 6; i++) {
            company.api().post(TOKENS, Tenant.newToken(role)).expect(201);
        }
        Answer first = company.api().get(TOKENS + "?limit=2&sortBy=created&orderBy=desc");
        company.api().post(TOKENS, Tenant.newToken(role)).expect(201);
        company.api()
                .patch(TOKENS + "/" + ids(first).getFirst(), Map.of("name", "Edited"))
                .expect(200);

        List<String> rest = walk(company, "?limit=2&sortBy=created&cursor=" + first.data("nextCursor"));

        assertThat(rest).hasSize(4).doesNotContainAnyElementsOf(ids(first));
    }

    @Test
    void beyondPageAHundredTheCursorIsNamed() {
        Answer refused = many("?page=101");
        refused.expectFields("page: max");
        assertThat(refused.text()).contains("cursor");
    }

    @ParameterizedTest
    @CsvSource({
        "page=0, page: min",
        "page=x, page: type",
        "limit=0, limit: min",
        "limit=-1, limit: min",
        "count=perhaps, count: type",
        "isActive=yes, isActive: pattern",
        "sortBy=digest, sortBy: one_of",
        "orderBy=up, orderBy: pattern",
        "cursor=%21%21, cursor: cursor",
        "cursor=AAAA, cursor: cursor",
        "cursor=bW9kaWZpZWQKNmIwNTI3YzRlODg2Y2I5NjUwMzI3ODE2Cm5vIHRpbWU, cursor: cursor",
        "created_gt=yesterday, created_gt: time",
        "status=dead, status: one_of",
        "expiresBefore=soon, expiresBefore: time",
        "colour=red, colour: unknown_parameter",
        "accessRole=x, accessRole: unknown_id",
        "createdBy=ffffffffffffffffffffffff, createdBy: unknown_id",
        "user=ffffffffffffffffffffffff, user: unknown_id",
    })
    void whatAListCannotBeAskedIsNamed(String query, String field) {
        many("?" + query).expectFields(field);
    }

    @Test
    void aCursorGoesNeitherWithAPageNorWithAnotherSort() {
        String cursor = many("?limit=5").data("nextCursor");
        many("?page=2&cursor=" + cursor).expectFields("cursor: not_with_page");
        many("?sortBy=name&cursor=" + cursor).expectFields("cursor: cursor");
    }

    @Test
    void whatExistingClientsSendBesidesDoesNothing() {
        assertThat(
                        ids(
                                many(
                                        "?search=&isActive=&sortBy=&orderBy=&page=&limit=&count=false&debug=true&ids=&status=&accessRole=&createdBy=")))
                .isEqualTo(ids(many("")));
    }

    @Test
    void tokensAreFoundByNameCodeAndBotWithoutCaseOrAccents() {
        String role = company.role("messages-read");
        Map<String, Object> wanted = Map.of(
                "name",
                "Información 100%_x",
                "code",
                "info_desk",
                "userBotName",
                "Señor Bot",
                "accessRoles",
                List.of(role));
        String id = company.api().post(TOKENS, wanted).expect(201).data("_id");
        company.api().post(TOKENS, Tenant.newToken(role)).expect(201);

        for (String found : List.of("informacion", "INFORMACIÓN", "info_d", "senor", "100%_x", "o")) {
            assertThat(ids(search(found))).as(found).contains(id);
        }
        for (String literal : List.of("100%x", "info%desk", "\\", "i_formacion", "nothing")) {
            assertThat(ids(search(literal))).as(literal).isEmpty();
        }
        // an edit is found by its new words and no longer by the old ones
        company.api()
                .patch(TOKENS + "/" + id, Map.of("userBotName", "Doña Bot"))
                .expect(200);
        assertThat(ids(search("dona"))).containsExactly(id);
        assertThat(ids(search("senor"))).isEmpty();
    }

    @Test
    void aTokenIsFoundByItsIdItsHintAndTheBeginningOfASecret() {
        Token token = company.token("messages-read");
        company.token("messages-read");
        String hint = company.api().get(token.path()).data("tokenHint");

        for (String found : List.of(
                token.id(),
                token.id().toUpperCase(Locale.ROOT),
                " " + token.id() + " ",
                hint,
                hint.replace("…", "..."),
                token.secret().substring(0, 8),
                token.secret().substring(0, 11),
                token.secret().substring(0, 16))) {
            assertThat(ids(search(found))).as(found).containsExactly(token.id());
        }
        // nobody needs to put more of a secret into an address, nor finds all by one letter
        for (String none : List.of(
                token.secret(),
                token.secret().substring(0, 17),
                "sgt_",
                token.id().substring(0, 23))) {
            assertThat(ids(search(none))).as(none).isEmpty();
        }
        assertThat(ids("?isActive=false&search=" + token.id())).isEmpty();
        assertThat(ids(Tenant.create().api().get(TOKENS + "?search=" + token.id())))
                .isEmpty();
        assertThat(ids(Tenant.create()
                        .api()
                        .get(TOKENS + "?search=" + token.secret().substring(0, 16))))
                .isEmpty();

        // a secret that was replaced still leads to its token
        company.api().post(token.path() + "/rotate", Map.of()).expect(200);
        assertThat(ids(search(token.secret().substring(0, 16)))).containsExactly(token.id());
        assertThat(ids("?user=" + token.user())).containsExactly(token.id());
        assertThat(ids("?user=" + token.user().toUpperCase(Locale.ROOT))).containsExactly(token.id());
        assertThat(ids("?user=")).hasSize(2);
    }

    @Test
    void byLastUseTheLatestComesFirstAndThoseNeverUsedLast() {
        Token first = company.token("messages-read");
        Token never = company.token("messages-read");
        Token second = company.token("messages-read");
        for (Token used : List.of(first, second)) {
            Api.as(used.secret()).get(TOKENS + "/self").expect(200);
            Node.one().bean(Uses.class).write();
        }
        assertThat(ids("?sortBy=lastUsed")).containsExactly(second.id(), first.id(), never.id());
        assertThat(ids("?sortBy=lastUsed&orderBy=asc")).containsExactly(never.id(), first.id(), second.id());
        assertThat(company.api().get(never.path()).data().path("lastUsedAt").isNull())
                .isTrue();
    }

    @Test
    void filtersNarrowTheList() {
        Token reader = company.token("messages-read");
        Token writer = company.token("messages-write");
        Token gone = company.token("messages-read");
        company.edit(reader, Map.of("expiresAt", "2099-05-01T00:00:00Z"));
        company.edit(writer, Map.of("isActive", false));
        company.revoke(gone);
        String me = company.api().get("/api/v2/users/me").data("_id");

        assertThat(ids("?status=active")).containsExactly(reader.id());
        assertThat(ids("?status=revoked&status=inactive")).containsExactlyInAnyOrder(writer.id(), gone.id());
        assertThat(ids("?status=active&status=")).containsExactly(reader.id());
        assertThat(ids("?isActive=true")).containsExactly(reader.id());
        assertThat(ids("?isActive=false")).containsExactlyInAnyOrder(writer.id(), gone.id());
        assertThat(ids("?isActive=all")).hasSize(3);
        assertThat(ids("?accessRole=" + writer.role())).containsExactly(writer.id());
        assertThat(ids("?createdBy=" + me)).hasSize(3);
        assertThat(ids("?createdBy=" + reader.user())).isEmpty();
        assertThat(ids("?expiresBefore=2099-05-02")).containsExactly(reader.id());
        assertThat(ids("?expiresBefore=2099-05-01")).isEmpty();
        assertThat(ids("?ids=" + gone.id() + "&ids=" + reader.id() + "&ids=ffffffffffffffffffffffff"))
                .containsExactlyInAnyOrder(gone.id(), reader.id());
    }

    @Test
    void timesBoundTheListFromBothSides() {
        Token token = company.token("messages-read");
        String at = company.api().get(token.path()).data("createdAt");

        assertThat(ids("?created_gte=" + at + "&created_lte=" + at)).containsExactly(token.id());
        assertThat(ids("?created_gt=" + at)).isEmpty();
        assertThat(ids("?created_lt=" + at)).isEmpty();
        assertThat(ids("?modified_gte=" + at + "&modified_lte=" + at)).containsExactly(token.id());
        assertThat(ids("?modified_gt=" + at)).isEmpty();
        assertThat(ids("?modified_lt=" + at)).isEmpty();
        assertThat(ids("?created_gt=2020-01-01")).containsExactly(token.id());
    }

    private Answer search(String text) {
        return company.api().get(TOKENS + "?search=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
    }

    private List<String> ids(String query) {
        return ids(company.api().get(TOKENS + query));
    }

    private static Answer many(String query) {
        return COMPANY.api().get(TOKENS + query);
    }

    private static List<String> walk(String query) {
        return walk(COMPANY, query);
    }

    private static List<String> walk(Tenant company, String query) {
        Api api = company.api();
        List<String> walked = new ArrayList<>();
        Answer page = api.get(TOKENS + query);
        walked.addAll(ids(page));
        while (page.data().has("nextCursor")) {
            page = api.get(TOKENS + query.replaceFirst("&cursor=[^&]*", "") + "&cursor=" + page.data("nextCursor"));
            walked.addAll(ids(page));
        }
        return walked;
    }

    private static List<String> ids(Answer answer) {
        return answer.expect(200).data().path("apiTokens").values().stream()
                .map(token -> token.path("_id").asString())
                .toList();
    }
}
