package dev.signet.company;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.platform.IfMatch;
import dev.signet.platform.Name;
import dev.signet.platform.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Clock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
public class CompanyService {

    /** What of a company can be written. */
    @Schema(name = "CompanyEdit")
    record Content(
            @Schema(example = "Acme") @NotBlank @Name String displayName,
            @Nullable @Min(1) @Max(3650) Integer maxLifetimeDays,
            @Nullable @Min(1) @Max(3650) Integer defaultLifetimeDays,
            @Nullable Boolean requireAllowedIps) {

        Content {
            requireAllowedIps = Boolean.TRUE.equals(requireAllowedIps);
        }

        static Content of(CompanySettings company) {
            return new Content(
                    company.displayName(),
                    company.maxLifetimeDays(),
                    company.defaultLifetimeDays(),
                    company.requireAllowedIps());
        }
    }

    private final CompanyRepository companies;
    private final AuditLog log;
    private final Clock clock;

    CompanyService(CompanyRepository companies, AuditLog log, Clock clock) {
        this.companies = companies;
        this.log = log;
        this.clock = clock;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public Company create(String displayName) {
        return companies.save(new CompanyEntity(displayName, clock.instant())).seen();
    }

    /** Whether this installation has been set up. */
    public boolean isAny() {
        return companies.count() > 0;
    }

    /** What the company asks of its API tokens, now. */
    public TokenPolicy policy(String company) {
        return companies.findById(company).orElseThrow().policy();
    }

    /** Lets one transaction after the other decide what hangs on a count over the company. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lock(String company) {
        companies.lock(company);
    }

    CompanySettings get(String company) {
        return companies.findById(company).orElseThrow().settings();
    }

    @Transactional
    CompanySettings edit(Caller caller, @Nullable IfMatch precondition, UnaryOperator<Content> change) {
        CompanyEntity company = companies.findById(caller.company()).orElseThrow();
        CompanySettings before = company.settings();
        Content now = Content.of(before);
        Content edited = change.apply(now);
        requireDefaultWithinMax(edited);
        IfMatch.check(precondition, before.version());
        if (edited.equals(now)) {
            return before;
        }
        company.edit(edited, clock.instant());
        CompanySettings after = companies.saveAndFlush(company).settings();
        log.changed(caller, Event.MODIFY, "Company", after.id(), before, after);
        return after;
    }

    private static void requireDefaultWithinMax(Content content) {
        Integer max = content.maxLifetimeDays();
        Integer usual = content.defaultLifetimeDays();
        if (max != null && usual != null && usual > max) {
            throw ProblemException.invalid("defaultLifetimeDays", "beyond_max");
        }
    }
}
