package dev.signet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.access.Needs;
import dev.signet.access.Routes;
import dev.signet.access.Routes.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

/**
 * The pages of the house are written from the code's own declarations. A page that had to be written anew fails the test
 * once, so that nobody commits a change without it.
 */
class HouseTests {

    @Test
    void theMapOfRoomsIsWhatTheRoomsDeclare() throws Exception {
        StringBuilder page = new StringBuilder("""
                # The house

                One room is one package below `dev.signet`, flat. A room asks the rooms that it may use, by a method; nothing
                calls upwards. This page is written by `HouseTests` from each room's `package-info.java`.

                | room | what it is | may use |
                | --- | --- | --- |
                """);
        rooms().forEach(room -> page.append("| `%s` | %s | %s |\n".formatted(name(room), sentence(room), uses(room))));
        assertWritten(Path.of("docs/house.md"), page.toString());
    }

    @Test
    void theListOfRoutesIsWhatTheHandlersDeclare() throws Exception {
        StringBuilder page = new StringBuilder("""
                # Routes

                Every route and what it needs, written by `HouseTests` from the handlers' `@Needs`, `@SignedIn` and `@Open`.

                | route | needs |
                | --- | --- |
                """);
        for (Route route : Node.one().bean(Routes.class).all()) {
            String needs = route.rule() != null
                    ? permissions(route.rule())
                    : route.open() ? "nothing: open to all" : "to be signed in";
            page.append("| `%s` | %s |\n".formatted(route.text(), needs));
        }
        assertWritten(Path.of("docs/routes.md"), page.toString());
    }

    private static String permissions(Needs rule) {
        return "`" + rule.value() + "`" + (rule.or().isEmpty() ? "" : " or `" + rule.or() + "`");
    }

    private static void assertWritten(Path file, String page) throws IOException {
        String found = Files.exists(file) ? Files.readString(file) : "";
        Files.writeString(file, page);
        assertThat(found).as("%s, which is written anew now: commit it", file).isEqualTo(page);
    }

    /** From the ground up. */
    private static List<Package> rooms() {
        return ApplicationModules.of(Signet.class).stream()
                .map(module -> declaration(module.getBasePackage().getName()))
                .sorted(Comparator.comparingInt((Package room) -> allowed(room).length)
                        .thenComparing(Package::getName))
                .toList();
    }

    private static Package declaration(String room) {
        try {
            return Class.forName(room + ".package-info").getPackage();
        } catch (ClassNotFoundException e) {
            throw new AssertionError(room + " declares nothing", e);
        }
    }

    private static String name(Package room) {
        return room.getName().substring("dev.signet.".length());
    }

    private static String[] allowed(Package room) {
        return room.getAnnotation(ApplicationModule.class).allowedDependencies();
    }

    private static String uses(Package room) {
        String rooms =
                Arrays.stream(allowed(room)).map(used -> "`" + used + "`").collect(Collectors.joining(", "));
        return rooms.isEmpty() ? "–" : rooms;
    }

    private static String sentence(Package room) {
        Path source = Path.of("src/main/java", room.getName().replace('.', '/'), "package-info.java");
        try {
            return Files.readString(source)
                    .replaceFirst("(?s)^.*?/\\*\\*\\s*", "")
                    .replaceFirst("(?s)\\*/.*$", "")
                    .replaceAll("\\s*\\n\\s*\\*?\\s*", " ")
                    .strip();
        } catch (IOException e) {
            throw new AssertionError(source.toString(), e);
        }
    }
}
