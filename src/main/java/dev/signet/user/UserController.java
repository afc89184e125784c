package dev.signet.user;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.signet.access.Caller;
import dev.signet.access.Needs;
import dev.signet.access.Refuses;
import dev.signet.access.SignedIn;
import dev.signet.platform.Created;
import dev.signet.platform.Email;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Name;
import dev.signet.platform.ObjectId;
import dev.signet.platform.One;
import dev.signet.platform.Page;
import dev.signet.platform.Patch;
import dev.signet.platform.Problem;
import dev.signet.platform.SortsBy;
import dev.signet.platform.Versioned;
import dev.signet.user.User.FullName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

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

    record NewName(
            @Schema(example = "Ada") @NotBlank @Name String names,
            @Schema(example = "Lovelace") @NotNull @Name String lastName,
            @Nullable @Name String secondLastName,
            @Nullable @Name String displayName) {

        FullName full() {
            String displayed = ListQuery.presence(displayName);
            return new FullName(
                    displayed == null ? FullName.displayed(names, lastName) : displayed,
                    names,
                    lastName,
                    Objects.requireNonNullElse(secondLastName, ""));
        }
    }

    record NewUser(
            @Schema(example = "ada@example.com") @NotNull @Email
            String email,

            @NotNull @Valid NewName name,

            @Schema(example = "[\"6b0527c4cc10076c97460db1\"]") @ObjectId @NotNull @Size(max = 50)
            List<@NotNull String> accessRoles,

            @Nullable @Name String jobTitle,
            @Nullable @ObjectId String avatar) {

        PersonService.Content content() {
            return new PersonService.Content(email, name.full(), accessRoles, true, jobTitle, avatar).tidied();
        }
    }

    record Users(
            List<User> users,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long count,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String nextCursor) {}

    private final UserService users;
    private final PersonService people;
    private final JsonMapper json;

    UserController(UserService users, PersonService people, JsonMapper json) {
        this.users = users;
        this.people = people;
        this.json = json;
    }

    @GetMapping("/me")
    @SignedIn(beforePasswordChange = true)
    @Operation(operationId = "getMe", summary = "Gives the caller: a person, or the bot user of an API token")
    ResponseEntity<One<Me>> me(Caller caller) {
        return One.ok(new Me(
                users.get(caller.company(), caller.user()),
                caller.permissions().writtenOut(),
                caller.passwordChangeRequired()));
    }

    @GetMapping
    @Needs("admin-users-read")
    @Operation(operationId = "listUsers", summary = "Lists people and, where asked for, bots")
    @SortsBy({"created", "email", "modified", "name"})
    ResponseEntity<One<Users>> list(
            Caller caller, @Valid @ParameterObject ListQuery query, @Valid @ParameterObject UserList.Filter filter) {
        Page<User> page = users.list(caller.company(), query, filter);
        return page.answer(new Users(page.items(), page.count(), page.nextCursor()));
    }

    @GetMapping("/{id}")
    @Needs("admin-users-read")
    @Operation(operationId = "getUser", summary = "Gives a person or a bot")
    ResponseEntity<One<User>> get(Caller caller, @PathVariable String id) {
        return One.ok(users.get(caller.company(), id));
    }

    @PostMapping
    @Needs("admin-users-write")
    @Refuses({Problem.EMAIL_TAKEN, Problem.KEY_REUSED})
    @Operation(operationId = "createUser", summary = "Creates a person, who can sign in once they are given a password")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<One<User>> create(
            Caller caller,
            @Parameter(description = "repeated with the same body, nobody is created twice")
                    @RequestHeader(name = IdempotencyKey.HEADER, required = false)
                    @Nullable
                    String key,
            @Valid @RequestBody NewUser user) {
        PersonService.Content content = user.content();
        Created<User> created = people.create(caller, content, IdempotencyKey.of(key, content, json));
        return created.answer(created.resource());
    }

    @PatchMapping("/{id}")
    @Needs("admin-users-write")
    @Refuses({Problem.EMAIL_TAKEN, Problem.MANAGED_BY_TOKEN, Problem.LAST_ADMINISTRATOR, Problem.CONFLICT, Problem.STALE
    })
    @Operation(operationId = "editUser", summary = "Edits a person; switched off, they are signed out at once")
    ResponseEntity<One<User>> edit(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable IfMatch precondition,
            @RequestBody Patch<PersonService.Content> patch) {
        return One.ok(people.edit(caller, id, precondition, patch::onto));
    }
}
