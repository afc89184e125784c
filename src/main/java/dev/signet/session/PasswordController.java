package dev.signet.session;

import dev.signet.access.Caller;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.access.SignedIn;
import dev.signet.platform.IfMatch;
import dev.signet.platform.One;
import dev.signet.platform.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Users")
class PasswordController {

    record NewPassword(
            @Schema(example = "seven blue mules at noon") @NotNull
            String current,

            @Schema(example = "eight grey mules at dusk") @NotNull
            String next) {

        /** Frameworks print what they bind when their log is set to talk. */
        @Override
        public String toString() {
            return "***";
        }
    }

    /** The one answer that carries it. */
    record GeneratedPassword(String password) {
        @Override
        public String toString() {
            return "***";
        }
    }

    private final AccountService accounts;

    PasswordController(AccountService accounts) {
        this.accounts = accounts;
    }

    @PutMapping("/api/v2/users/me/password")
    @SignedIn(beforePasswordChange = true)
    @Refuses({Problem.NOT_FOUND, Problem.CONFLICT, Problem.STALE, Problem.TOO_MANY_REQUESTS})
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "changePassword", summary = "Changes one's own password and ends one's other sessions")
    void change(
            Caller caller,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @Valid @RequestBody NewPassword password) {
        String session = caller.session();
        if (session == null) {
            // bots never sign in: there is no password to change
            throw Problem.NOT_FOUND.with();
        }
        accounts.changePassword(caller, session, precondition, password.current(), password.next());
    }

    @PostMapping("/api/v2/users/{id}/password")
    @Needs("admin-users-write")
    @Refuses({
        Problem.WIDER_THAN_OWN,
        Problem.MANAGED_BY_TOKEN,
        Problem.OWN_PASSWORD,
        Problem.STALE,
        Problem.TOO_MANY_REQUESTS
    })
    @Operation(
            operationId = "generatePassword",
            summary = "Gives a person a generated password, in this answer alone, and ends their sessions")
    One<GeneratedPassword> generate(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition) {
        if (id.equals(caller.user()) && caller.session() != null) {
            // else whoever stole a session for minutes would have the account for good
            throw Problem.OWN_PASSWORD.with();
        }
        return new One<>(new GeneratedPassword(accounts.generatePassword(caller, id, precondition)));
    }
}
