package dev.signet.user;

import dev.signet.avatar.Avatar;
import dev.signet.company.Company;
import dev.signet.platform.EmailAddress;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Listed;
import dev.signet.platform.Listed.Sort;
import dev.signet.platform.ObjectId;
import dev.signet.platform.Rows;
import dev.signet.user.User.FullName;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How people and bots are read from their rows. */
final class UserList {

    /** What the list can be asked besides. Bots are hidden unless asked for. */
    record Filter(
            @Nullable @Size(max = 100) List<String> email,
            @Nullable @ObjectId String accessRole,
            @Nullable @ObjectId @Size(max = 100) List<String> id,
            @Nullable @Pattern(regexp = "true|false|all") String isBot) {

        Filter {
            email = ListQuery.presence(email);
            accessRole = ListQuery.presence(accessRole);
            id = ListQuery.presence(id);
            isBot = ListQuery.presence(isBot);
        }

        /** Null where both are wanted. */
        @Nullable
        Boolean bot() {
            return "all".equals(isBot) ? null : "true".equals(isBot);
        }

        @Nullable
        List<String> emailKeys() {
            return email == null ? null : email.stream().map(EmailAddress::key).toList();
        }
    }

    static final Listed<User> LISTED = new Listed<>(
            "select t.*, c.display_name as company_name",
            " from users t join companies c on c.id = t.company_id",
            "t.is_active",
            true,
            Map.of(
                    "name", Sort.text("t.search"),
                    "email", Sort.text("t.email_key"),
                    "created", Sort.time("t.created_at"),
                    "modified", Sort.time("t.modified_at")),
            UserList::row);

    private UserList() {}

    private static User row(ResultSet row, int number) throws SQLException {
        return new User(
                row.getString("id"),
                row.getString("email"),
                new FullName(
                        row.getString("display_name"),
                        row.getString("names"),
                        row.getString("last_name"),
                        row.getString("second_last_name")),
                row.getString("job_title"),
                Avatar.of(row.getString("avatar_id"), row.getString("id"), row.getString("display_name")),
                row.getBoolean("is_bot"),
                row.getBoolean("is_active"),
                Rows.texts(row, "access_roles"),
                new Company(row.getString("company_id"), row.getString("company_name")),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "modified_at"),
                row.getLong("version"));
    }
}
