package dev.signet.token;

import dev.signet.company.CompanyService;
import dev.signet.company.TokenPolicy;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** How long tokens may live, from where they may be used, and how many a company may have. */
@Component
class Limits {

    /** A token that the company's policy would not let anybody make today. It needs the company beside it, as {@code c}. */
    static final String BREAKS_POLICY = """
            (t.revoked_at is null and t.expires_order > now()
             and (coalesce(t.expires_order > now() + make_interval(days => c.max_lifetime_days), false)
                  or c.require_allowed_ips and not are_restrictive(t.allowed_ips)))""";

    private final CompanyService companies;
    private final JdbcClient jdbc;
    private final int mostLiving;

    Limits(CompanyService companies, JdbcClient jdbc, TokenLimit limit) {
        this.companies = companies;
        this.jdbc = jdbc;
        this.mostLiving = limit.mostLiving;
    }

    /** A new token gets the company's usual end where it has none of its own. */
    TokenContent completed(String company, TokenContent content) {
        TokenPolicy policy = companies.policy(company);
        Integer days = policy.defaultLifetimeDays() == null ? policy.maxLifetimeDays() : policy.defaultLifetimeDays();
        return content.expiresAt() != null || days == null ? content : content.until(in(days));
    }

    /** Refuses an end or addresses beyond the company's policy. What an edit leaves as it was is not asked again. */
    void check(String company, @Nullable TokenContent before, TokenContent content) {
        TokenPolicy policy = companies.policy(company);
        ProblemException refusal = Problem.INVALID_REQUEST.with();
        if (before == null || !Objects.equals(before.expiresAt(), content.expiresAt())) {
            checkEnd(refusal, policy.maxLifetimeDays(), content.expiresAt());
        }
        if (policy.requireAllowedIps()
                && (before == null || !before.allowedIps().equals(content.allowedIps()))
                && !areRestrictive(content.allowedIps())) {
            refusal.field("allowedIps", content.allowedIps().isEmpty() ? "policy_addresses" : "policy_wide_addresses");
        }
        refusal.throwIfAny();
    }

    /** Refuses one more living token than a company may have. The company is locked: two at once do not both slip in. */
    @Transactional(propagation = Propagation.MANDATORY)
    void requireRoom(String company) {
        companies.lock(company);
        int living =
                jdbc.sql("""
                        select count(*) from api_tokens
                        where company_id = :company and revoked_at is null and expires_order > now()
                        """).param("company", company).query(Integer.class).single();
        if (living >= mostLiving) {
            throw Problem.TOO_MANY_TOKENS.with(living);
        }
    }

    private void checkEnd(ProblemException refusal, @Nullable Integer maxDays, @Nullable Instant end) {
        if (end != null && !end.isAfter(now())) {
            refusal.field("expiresAt", "past");
        } else if (maxDays != null && (end == null || end.isAfter(in(maxDays)))) {
            refusal.field("expiresAt", "policy_lifetime", maxDays);
        }
    }

    private boolean areRestrictive(List<String> networks) {
        return jdbc.sql("select are_restrictive(cast(:networks as text[]))")
                .param("networks", networks.toArray(String[]::new))
                .query(Boolean.class)
                .single();
    }

    private Instant in(int days) {
        return now().plus(Duration.ofDays(days));
    }

    /** By the clock that decides whether a token has expired. */
    private Instant now() {
        return jdbc.sql("select now() as now")
                .query((row, number) -> Rows.instant(row, "now"))
                .single();
    }
}
