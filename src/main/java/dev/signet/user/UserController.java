package dev.signet.user;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.signet.access.Caller;
import dev.signet.access.SignedIn;
import dev.signet.platform.One;
import dev.signet.platform.Versioned;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Set;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Users")
@RequestMapping("/api/v2/users")
class UserController {

    /**
     * The caller. Existing clients look permissions up by their exact names, so wildcards are written out.
     *
     * @param needPasswordChange whether a generated password must be replaced before anything else
     */
    record Me(@JsonUnwrapped User user, Set<String> permissionsV2, boolean needPasswordChange) implements Versioned {

        @Override
        @JsonIgnore
        public String id() {
            return user.id();
        }

        @Override
        @JsonIgnore
        public long version() {
            return user.version();
        }
    }

    private final UserService users;

    UserController(UserService users) {
        this.users = users;
    }

    @GetMapping("/me")
    @SignedIn(beforePasswordChange = true)
    @Operation(summary = "Gives the caller: a person, or the bot user of an API token")
    ResponseEntity<One<Me>> me(Caller caller) {
        return One.ok(new Me(
                users.get(caller.company(), caller.user()),
                caller.permissions().writtenOut(),
                caller.passwordChangeRequired()));
    }
}
