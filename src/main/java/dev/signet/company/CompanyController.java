package dev.signet.company;

import dev.signet.access.Caller;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.access.SignedIn;
import dev.signet.platform.IfMatch;
import dev.signet.platform.One;
import dev.signet.platform.Patch;
import dev.signet.platform.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Company")
@RequestMapping("/api/v2/company")
class CompanyController {

    private final CompanyService companies;

    CompanyController(CompanyService companies) {
        this.companies = companies;
    }

    @GetMapping
    @SignedIn
    @Operation(operationId = "getCompany", summary = "Gives one's own company and what it asks of its API tokens")
    ResponseEntity<One<CompanySettings>> get(Caller caller) {
        return One.ok(companies.get(caller.company()));
    }

    @PatchMapping
    @Needs("admin-company-write")
    @Refuses({Problem.CONFLICT, Problem.STALE})
    @Operation(operationId = "editCompany", summary = "Edits one's own company; tokens made before stay as they are")
    ResponseEntity<One<CompanySettings>> edit(
            Caller caller,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @RequestBody Patch<CompanyService.Content> patch) {
        return One.ok(companies.edit(caller, precondition, patch::onto));
    }
}
