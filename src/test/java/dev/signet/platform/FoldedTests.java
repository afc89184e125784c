package dev.signet.platform;

import static dev.signet.Tenant.ROLES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.Api;
import dev.signet.Tenant;
import dev.signet.TestDatabase;
import java.lang.Character.UnicodeScript;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searching finds a text however people type it, and lists sort by that. */
class FoldedTests {

    @ParameterizedTest
    @CsvSource({
        "Straße, strasse",
        "STRASSE, straße",
        "STRAẞE, strasse",
        "Łódź, lodz",
        "Æ, AE",
        "AE, æ",
        "ıstanbul, ISTANBUL",
        "İstanbul, ıstanbul",
        "İSTANBUL, istanbul",
        "σίς, ΣΊΣ",
        "ΣΊΣ, σισ",
        "Øst, ost",
        "Đorđe, dorde",
        "Œuvre, oeuvre",
        "Þór, thor",
        "Ðis, dis",
        "Ħal, hal",
        "ﬁnance, finance",
        "Jo\u0308rg, jorg",
    })
    void aTextIsFoundByWhatPeopleType(String text, String typed) {
        assertThat("%" + Folded.text(text) + "%").isEqualTo(Folded.pattern(typed));
    }

    @Test
    void foldingTwiceChangesNothing() {
        everyCharacter()
                .forEach(text -> assertThat(Folded.text(Folded.text(text)))
                        .as("U+%04X", text.codePointAt(0))
                        .isEqualTo(Folded.text(text)));
    }

    @Test
    void searchingAndSortingFold() {
        Tenant company = Tenant.create();
        Api api = company.api();
        for (String name : List.of("Zoo", "Łódź", "Mole", "Ærø", "Straße")) {
            api.post(ROLES, Map.of("name", name, "permissions", List.of())).expect(201);
        }
        for (String search : List.of("lodz", "LÓDŹ", "ŁÓD")) {
            assertThat(names(api, "?search=" + URLEncoder.encode(search, StandardCharsets.UTF_8)))
                    .as(search)
                    .containsExactly("Łódź");
        }
        assertThat(names(api, "?search=strasse")).containsExactly("Straße");
        assertThat(names(api, "?search=AERO")).containsExactly("Ærø");
        assertThat(names(api, "?sortBy=name&orderBy=asc"))
                .containsExactly(
                        "Ærø", "bot-default", "default", "full admin", "Łódź", "Mole", "read admin", "Straße", "Zoo");
    }

    @Test
    void whatWasFoldedInTheOldWayIsFoldedAgainByTheMigration() throws SQLException {
        TestDatabase database = TestDatabase.fresh();
        migrate(database, "11");
        List<String> names = everyCharacter();
        try (Connection connection = database.connect()) {
            String company = Ids.next(Instant.now());
            insert(
                    connection,
                    "insert into companies (id, display_name, version, created_at, modified_at) values (?, 'A', 0, now(), now())",
                    company);
            try (PreparedStatement roles = connection.prepareStatement("""
                    insert into access_roles (id, company_id, name, permissions, active, locked, search, version, created_at, modified_at)
                    values (?, ?, ?, '{}', true, false, ?, 0, now(), now())""")) {
                for (String name : names) {
                    roles.setString(1, Ids.next(Instant.now()));
                    roles.setString(2, company);
                    roles.setString(3, name);
                    roles.setString(4, foldedInTheOldWay(name));
                    roles.addBatch();
                }
                roles.executeBatch();
            }
            insert(
                    connection,
                    "insert into audit_logs (id, company_id, event, model, address, at, trace_id, changes, search)"
                            + " values (?, ?, 'create', 'A', '::1', now(), 'x', '{}', 'straße')",
                    Ids.next(Instant.now()),
                    company);

            migrate(database, "12");

            try (PreparedStatement read = connection.prepareStatement(
                            "select name, search from access_roles union all select 'Straße', search from audit_logs");
                    ResultSet rows = read.executeQuery()) {
                int count = 0;
                for (; rows.next(); count++) {
                    assertThat(rows.getString("search"))
                            .as(rows.getString("name"))
                            .isEqualTo(Folded.text(rows.getString("name")));
                }
                assertThat(count).isEqualTo(names.size() + 1);
            }
        }
    }

    /** A text with each letter there is. */
    private static List<String> everyCharacter() {
        return IntStream.range(0x20, Character.MAX_CODE_POINT)
                .filter(Character::isLetter)
                // they have no case, and are very many
                .filter(letter -> !Character.isIdeographic(letter) && UnicodeScript.of(letter) != UnicodeScript.HANGUL)
                .mapToObj(letter -> "a" + Character.toString(letter) + "ς " + Character.toString(letter))
                .toList();
    }

    private static String foldedInTheOldWay(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD)
                .replaceAll("\\p{Mn}+", "")
                .toLowerCase(Locale.ROOT);
    }

    private static void migrate(TestDatabase database, String version) {
        Flyway.configure()
                .dataSource(database.url(), database.username(), database.password())
                .target(version + "?")
                .load()
                .migrate();
    }

    private static void insert(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }

    private static List<String> names(Api api, String query) {
        return api.get(ROLES + query).expect(200).data().path("accessRoles").values().stream()
                .map(role -> role.path("name").asString())
                .toList();
    }
}
