package dev.signet.token;

import dev.signet.avatar.Avatar;
import dev.signet.platform.Addresses;
import dev.signet.platform.Ids;
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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

            @Parameter(description = "the token's bot user") @Nullable @ObjectId
            String user,

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
            user = ListQuery.presence(user);
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
             join api_token_uses l on l.token_id = t.id and l.company_id = t.company_id\
            """,
            "t.is_active",
            false,
            Map.of(
                    "name", Sort.text("t.search"),
                    "code", Sort.text("t.code"),
                    "created", Sort.time("t.created_at"),
                    "modified", Sort.time("t.modified_at"),
                    "expires", Sort.time("t.expires_order"),
                    "lastUsed", Sort.time("l.used_order", "l.token_id")),
            TokenList::row);

    /** Enough of the public id to tell tokens apart. */
    private static final int HINT = 4;

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{24}");

    /** A token's hint, or the beginning of a secret up to the end of its public id: nobody needs to send more of one. */
    private static final Pattern SECRET =
            Pattern.compile(Secret.PREFIX + "([0-9A-Za-z]{" + HINT + ",12})(…|\\.\\.\\.)?");

    // an array, so that "or" can still use the index of each side; a range, which finds its index by any plan
    private static final String SECRET_BEGINS = """
            t.id = any (array(select f.token_id from api_token_secrets f
                              where lower(f.public_id) >= :foundSecret and lower(f.public_id) < :foundSecret || '~'))""";

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
        if (filter.user() != null) {
            users.requireKnown(company, "user", filter.user());
        }
        return lists.page(
                LISTED,
                company,
                query,
                where -> where.orFoundBy("t.id = :foundId", "foundId", searchedId(query.search()))
                        .orFoundBy(SECRET_BEGINS, "foundSecret", searchedSecret(query.search()))
                        .and("t.user_id = :user", "user", filter.user())
                        .and(STATUS + " in (:status)", "status", words(filter.status()))
                        .and("u.access_roles @> array[cast(:accessRole as text)]", "accessRole", filter.accessRole())
                        .and("t.created_by = :createdBy", "createdBy", filter.createdBy())
                        .and(
                                "t.expires_order < :expiresBefore",
                                "expiresBefore",
                                Rows.timeOrNull(filter.expiresBefore()))
                        .and("l.used_at < :lastUsedBefore", "lastUsedBefore", Rows.timeOrNull(filter.lastUsedBefore()))
                        .and("l.used_at is null", filter.neverUsed())
                        .and(Limits.BREAKS_POLICY, filter.breaksPolicy()));
    }

    private static @Nullable String searchedId(@Nullable String search) {
        return search != null && ID.matcher(search.strip()).matches() ? Ids.lowercase(search.strip()) : null;
    }

    /** The beginning of a public id, folded as all that is searched; null for any other search. */
    private static @Nullable String searchedSecret(@Nullable String search) {
        Matcher hint = SECRET.matcher(search == null ? "" : search.strip());
        return hint.matches() ? hint.group(1).toLowerCase(Locale.ROOT) : null;
    }

    private static @Nullable List<String> words(@Nullable List<Status> statuses) {
        // an empty value among them arrives as null
        List<String> words = statuses == null
                ? List.of()
                : statuses.stream().filter(Objects::nonNull).map(Status::name).toList();
        return words.isEmpty() ? null : words;
    }

    private static @Nullable String lastUsedIp(@Nullable String address) {
        return address == null ? null : Addresses.text(address);
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
                Rows.texts(row, "allowed_ips").stream()
                        .map(Addresses::networkText)
                        .toList(),
                Rows.instantOrNull(row, "grace_until"),
                row.getLong("grace_uses"),
                row.getString("company_id"),
                row.getString("created_by"),
                Rows.instant(row, "created_at"),
                row.getString("modified_by"),
                Rows.instant(row, "modified_at"),
                Rows.instantOrNull(row, "used_at"),
                lastUsedIp(row.getString("address")),
                row.getString("agent"),
                Rows.instantOrNull(row, "revoked_at"),
                row.getString("revoked_by"),
                row.getString("revoke_reason"),
                row.getLong("version"));
    }
}
