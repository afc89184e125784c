package dev.signet.access;

import dev.signet.access.Routes.Route;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Set;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/** The permissions that the service itself asks for, each with its meaning and the routes that it opens. */
@Component
public class Catalogue {

    @Schema(name = "Permission")
    public record Entry(String name, String description, List<String> routes) {}

    private final Routes routes;
    private final MessageSource messages;

    Catalogue(Routes routes, MessageSource messages) {
        this.routes = routes;
        this.messages = messages;
    }

    /** In the caller's language. */
    public List<Entry> entries() {
        return Permissions.CATALOGUE.stream()
                .map(name -> new Entry(
                        name,
                        messages.getMessage("permission." + name, null, LocaleContextHolder.getLocale()),
                        routes.openedBy(new Permissions(Set.of(name))).stream()
                                .map(Route::text)
                                .toList()))
                .toList();
    }
}
