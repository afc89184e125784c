package dev.signet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.signet.access.Caller;
import dev.signet.access.LargeAnswer;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.platform.ListQuery;
import dev.signet.platform.One;
import dev.signet.platform.Page;
import dev.signet.platform.Problem;
import dev.signet.platform.SortsBy;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Audit log")
class AuditLogController {

    record AuditLogs(
            List<AuditEntry> auditLogs,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long count,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String nextCursor) {}

    private final AuditList log;

    AuditLogController(AuditList log) {
        this.log = log;
    }

    @LargeAnswer
    @GetMapping("/api/v2/auditlogs")
    @Needs("admin-auditlogs-read")
    @Refuses(Problem.OVERLOADED)
    @Operation(
            operationId = "listAuditLogs",
            summary = "Lists what was done, by whom, and what was refused",
            description =
                    "search looks at the event, the model, the item's id, the address, a refusal's route, and the name and"
                            + " e-mail that the actor had then. The same refusals of one route in one minute share an entry that counts"
                            + " them; the traceId of each of the first twenty finds it, further ones are only counted. After twenty"
                            + " different reasons, all others of that actor, route and minute share one entry with the code other."
                            + " A page has at most 1 MB and then fewer entries than limit: go on by nextCursor. Nothing in the"
                            + " log is ever active or not: isActive=false lists nothing.")
    @SortsBy({"created", "modified"})
    ResponseEntity<One<AuditLogs>> list(
            Caller caller, @Valid @ParameterObject ListQuery query, @Valid @ParameterObject AuditList.Filter filter) {
        Page<AuditEntry> page = log.page(caller.company(), query, filter);
        return page.answer(new AuditLogs(page.items(), page.count(), page.nextCursor()));
    }
}
