package dev.signet.token;

import dev.signet.avatar.Avatar;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Listed;
import dev.signet.platform.Listed.Sort;
import dev.signet.platform.Lists;
import dev.signet.platform.ObjectId;
import dev.signet.platform.Page;
import dev.signet.platform.Problem;
import dev.signet.platform.Rows;
import dev.signet.role.RoleService;
import dev.signet.token.ApiToken.Status;
import dev.signet.user.UserService;
import io.swagger.v3.oas.annotations.Parameter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How API tokens are read from their rows and their bots'. */
@Component
class TokenList {

    /** What the list of tokens can be asked besides. */
    record Filter(
            @Nullable List<Status> status,
            @Nullable @ObjectId String accessRole,
            @Nullable @ObjectId String createdBy,
            @Nullable Instant expiresBefore,

            @Parameter(description = "a day or a time; uses are shown some seconds later") @Nullable
            Instant lastUsedBefore,

            @Nullable Boolean neverUsed,

            @Parameter(
                    description =
                            "living ones whose end or addresses the company's policy would not let anybody give today")
            @Nullable
            Boolean breaksPolicy) {

        Filter {
            accessRole = ListQuery.presence(accessRole);
            createdBy = ListQuery.presence(createdBy);
        }
    }

    private static final String STATUS = """
            case when t.revoked_at is not null then 'revoked' when t.expires_at <= now() then 'expired'
                 when not t.is_active then 'inactive' else 'active' end""";

    // Not now() for a grace, which is when the transaction began: of a rotation since then, both the secret that it let
    // overlap and the one that it ended would be in their grace, and the token two rows.
    private static final Listed<ApiToken> LISTED = new Listed<>(
            """
            select t.*, u.display_name, u.avatar_id, u.access_roles, %s as status, s.public_id,
                   case when g.ends_at is not null then least(g.ends_at, t.expires_at) end as grace_until,
                   case when l.grace_of = g.public_id then l.grace_uses else 0 end as grace_uses,
                   l.used_at, l.address, l.agent\
            """.formatted(STATUS),
            """
             from api_tokens t
             join users u on u.id = t.user_id
             join companies c on c.id = t.company_id
             join api_token_secrets s on s.token_id = t.id and s.ends_at is null
             left join api_token_secrets g
                 on g.token_id = t.id and least(g.ends_at, t.expires_at) > statement_timestamp()
                    and g.ends_at is not null and t.revoked_at is null
             left join api_token_uses l on l.token_id = t.id\
            """,
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

    private final Lists lists;
    private final RoleService roles;
    private final UserService users;

    TokenList(Lists lists, RoleService roles, UserService users) {
        this.lists = lists;
        this.roles = roles;
        this.users = users;
    }

    ApiToken get(String company, String id) {
        return lists.find(LISTED, company, id).orElseThrow(Problem.NOT_FOUND::with);
    }

    Page<ApiToken> page(String company, ListQuery query, Filter filter) {
        if (filter.accessRole() != null) {
            roles.requireKnown(company, "accessRole", filter.accessRole());
        }
        if (filter.createdBy() != null) {
            users.requireKnown(company, "createdBy", filter.createdBy());
        }
        return lists.page(
                LISTED,
                company,
                query,
                where -> where.and(STATUS + " in (:status)", "status", words(filter.status()))
                        .and("u.access_roles @> array[cast(:accessRole as text)]", "accessRole", filter.accessRole())
                        .and("t.created_by = :createdBy", "createdBy", filter.createdBy())
                        .and(
                                "t.expires_order < :expiresBefore",
                                "expiresBefore",
                                Rows.timeOrNull(filter.expiresBefore()))
                        .and("l.used_at < :lastUsedBefore", "lastUsedBefore", Rows.timeOrNull(filter.lastUsedBefore()))
                        .and("l.token_id is null", filter.neverUsed())
                        .and(Limits.BREAKS_POLICY, filter.breaksPolicy()));
    }

    private static @Nullable List<String> words(@Nullable List<Status> statuses) {
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
                Rows.texts(row, "impersonates"),
                row.getBoolean("is_active"),
                Status.valueOf(row.getString("status")),
                Secret.PREFIX + row.getString("public_id").substring(0, HINT) + "…",
                Rows.instantOrNull(row, "expires_at"),
                Rows.texts(row, "allowed_ips"),
                Rows.instantOrNull(row, "grace_until"),
                row.getLong("grace_uses"),
                row.getString("company_id"),
                row.getString("created_by"),
                Rows.instant(row, "created_at"),
                row.getString("modified_by"),
                Rows.instant(row, "modified_at"),
                Rows.instantOrNull(row, "used_at"),
                row.getString("address"),
                row.getString("agent"),
                Rows.instantOrNull(row, "revoked_at"),
                row.getString("revoked_by"),
                row.getString("revoke_reason"),
                row.getLong("version"));
    }
}
