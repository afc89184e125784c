package dev.signet.token;

import dev.signet.avatar.Avatar;
import dev.signet.platform.Listed;
import dev.signet.platform.Listed.Sort;
import dev.signet.platform.Rows;
import dev.signet.token.ApiToken.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How API tokens are read from their rows and their bots'. */
final class TokenList {

    static final String STATUS = """
            case when t.revoked_at is not null then 'revoked' when t.expires_at <= now() then 'expired'
                 when not t.is_active then 'inactive' else 'active' end""";

    static final Listed<ApiToken> LISTED = new Listed<>(
            """
            select t.*, u.display_name, u.avatar_id, u.access_roles, %s as status,
                   (select s.public_id from api_token_secrets s
                    where s.token_id = t.id order by s.created_at desc limit 1) as public_id\
            """.formatted(STATUS),
            " from api_tokens t join users u on u.id = t.user_id",
            "t.is_active",
            false,
            Map.of(
                    "name", Sort.text("t.search"),
                    "code", Sort.text("t.code"),
                    "created", Sort.time("t.created_at"),
                    "modified", Sort.time("t.modified_at"),
                    "expires", Sort.time("t.expires_order")),
            TokenList::row);

    /** Enough of the public id to tell tokens apart. */
    private static final int HINT = 4;

    private TokenList() {}

    static @Nullable List<String> words(@Nullable List<Status> statuses) {
        // an empty value among them arrives as null
        List<String> words = statuses == null
                ? List.of()
                : statuses.stream().filter(Objects::nonNull).map(Status::name).toList();
        return words.isEmpty() ? null : words;
    }

    private static ApiToken row(ResultSet row, int number) throws SQLException {
        return new ApiToken(
                row.getString("id"),
                row.getString("name"),
                row.getString("code"),
                row.getString("description"),
                row.getString("display_name"),
                Avatar.of(row.getString("avatar_id"), row.getString("user_id"), row.getString("display_name")),
                row.getString("user_id"),
                Rows.texts(row, "access_roles"),
                row.getBoolean("is_active"),
                Status.valueOf(row.getString("status")),
                Secret.PREFIX + row.getString("public_id").substring(0, HINT) + "…",
                Rows.instantOrNull(row, "expires_at"),
                row.getString("company_id"),
                row.getString("created_by"),
                Rows.instant(row, "created_at"),
                row.getString("modified_by"),
                Rows.instant(row, "modified_at"),
                Rows.instantOrNull(row, "revoked_at"),
                row.getString("revoked_by"),
                row.getString("revoke_reason"),
                row.getLong("version"));
    }
}
