package dev.signet.security;

import dev.signet.access.Open;
import dev.signet.platform.Problem;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.Arrays;
import java.util.Locale;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** The pages that the {@code type} of a problem points to: what it means, and what to do. */
@RestController
@Hidden
class ProblemPageController {

    private final MessageSource messages;

    ProblemPageController(MessageSource messages) {
        this.messages = messages;
    }

    @GetMapping(path = "/problems/{code}", produces = MediaType.TEXT_HTML_VALUE)
    @Open
    String page(@PathVariable String code) {
        Problem problem = Arrays.stream(Problem.values())
                .filter(known -> known.code().equals(code))
                .findFirst()
                .orElseThrow(Problem.NOT_FOUND::with);
        Locale locale = LocaleContextHolder.getLocale();
        String title = HtmlUtils.htmlEscape(messages.getMessage(code + ".title", null, locale));
        String help = HtmlUtils.htmlEscape(messages.getMessage(code + ".help", null, locale));
        return """
            <!doctype html>
            <html lang="%s">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s</title>
            <h1>%s</h1>
            <p>HTTP %d, <code>%s</code></p>
            <p>%s</p>
            </html>
            """.formatted(
                        locale.getLanguage(), title, title, problem.status().value(), code, help);
    }
}
