package dev.signet.platform;

import io.swagger.v3.oas.annotations.Parameter;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every list may be asked. Empty values count as absent. */
public record ListQuery(
        @Parameter(description = "from 1 to 100; deeper by cursor; not together with cursor")
        @Nullable
        @Min(1)
        @Max(value = 100, message = "{dev.signet.page}")
        Integer page,

        @Parameter(description = "how many; default 10; more than 100 counts as 100") @Nullable @Min(1)
        Integer limit,

        @Parameter(description = "nextCursor of the answer before; any depth costs the same as the first page")
        @Nullable
        String cursor,

        @Parameter(description = "true adds the total as count") @Nullable
        Boolean count,

        @Parameter(description = "finds the text anywhere, without case and accents") @Nullable @Size(max = 200)
        String search,

        @Parameter(description = "true, false or all") @Nullable @Pattern(regexp = "true|false|all")
        String isActive,

        @Parameter(description = "what to sort by") @Nullable
        String sortBy,

        @Parameter(description = "asc or desc; default desc") @Nullable @Pattern(regexp = "asc|desc")
        String orderBy,

        @Parameter(description = "only these, repeatable") @Nullable @ObjectId @Size(max = 100)
        List<String> ids,

        @Nullable Instant created_gt,
        @Nullable Instant created_gte,
        @Nullable Instant created_lt,
        @Nullable Instant created_lte,
        @Nullable Instant modified_gt,
        @Nullable Instant modified_gte,
        @Nullable Instant modified_lt,
        @Nullable Instant modified_lte) {

    private static final int DEFAULT_LIMIT = 10;
    private static final int MOST = 100;

    public ListQuery {
        // clients send empty values for what they do not ask (e.g. ?search=&isActive=)
        cursor = presence(cursor);
        search = presence(search);
        isActive = presence(isActive);
        sortBy = presence(sortBy);
        orderBy = presence(orderBy);
        ids = presence(ids);
    }

    public static @Nullable String presence(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** Those that are not empty, or null where none is. */
    public static @Nullable List<String> presence(@Nullable List<String> texts) {
        List<String> present = texts == null
                ? List.of()
                : texts.stream().filter(text -> !text.isBlank()).toList();
        return present.isEmpty() ? null : present;
    }

    int size() {
        return limit == null ? DEFAULT_LIMIT : Math.min(limit, MOST);
    }

    boolean ascending() {
        return "asc".equals(orderBy);
    }

    boolean counted() {
        return Boolean.TRUE.equals(count);
    }
}
