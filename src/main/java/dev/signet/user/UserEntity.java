package dev.signet.user;

import dev.signet.platform.EmailAddress;
import dev.signet.platform.Folded;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.Repeatable;
import dev.signet.user.User.FullName;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Written here, read as a {@link User} by SQL. */
@Entity(name = "User")
@Table(name = "users")
@SuppressWarnings("UnusedVariable")
class UserEntity extends Repeatable {

    private String companyId;

    @Column(name = "is_bot")
    private boolean bot;

    private String email;
    private String emailKey;
    private String names;
    private String lastName;
    private String secondLastName;
    private String displayName;
    private @Nullable String jobTitle;
    private @Nullable String avatarId;
    private List<String> accessRoles;

    @Column(name = "is_active")
    private boolean active;

    private String search;

    /** A person. */
    UserEntity(
            String company,
            PersonService.Content content,
            @Nullable String createdBy,
            @Nullable IdempotencyKey request,
            Instant now) {
        super(now, createdBy, request);
        this.companyId = company;
        this.bot = false;
        this.email = content.email();
        this.emailKey = EmailAddress.key(email);
        take(content);
    }

    /** A bot, whose address is in a domain that can never exist (RFC 2606). */
    UserEntity(String company, String displayName, @Nullable String avatar, List<String> accessRoles, Instant now) {
        super(now, null, null);
        this.companyId = company;
        this.bot = true;
        this.email = id() + "@bot.invalid";
        this.emailKey = email;
        this.names = displayName;
        this.avatarId = avatar;
        this.lastName = "";
        this.secondLastName = "";
        this.displayName = displayName;
        this.accessRoles = new ArrayList<>(accessRoles);
        this.active = true;
        this.search = Folded.text(displayName, email);
    }

    @SuppressWarnings("NullAway.Init")
    protected UserEntity() {}

    String companyId() {
        return companyId;
    }

    List<String> accessRoles() {
        return List.copyOf(accessRoles);
    }

    /** Changes a person. */
    void edit(PersonService.Content content, Instant now) {
        // The key of an address that stays is not computed again: the migration may have given it to another account.
        if (!content.email().equals(email)) {
            email = content.email();
            emailKey = EmailAddress.key(email);
        }
        take(content);
        modified(now);
    }

    /** Gives a bot another name, another face and other access roles. */
    void become(String newName, @Nullable String avatar, List<String> newAccessRoles, Instant now) {
        names = newName;
        displayName = newName;
        search = Folded.text(newName, email);
        avatarId = avatar;
        accessRoles = new ArrayList<>(newAccessRoles);
        modified(now);
    }

    void deactivate(Instant now) {
        active = false;
        modified(now);
    }

    private void take(PersonService.Content content) {
        FullName name = content.name();
        names = name.names();
        lastName = name.lastName();
        secondLastName = name.secondLastName();
        displayName = name.displayName();
        jobTitle = content.jobTitle();
        avatarId = content.avatar();
        accessRoles = new ArrayList<>(content.accessRoles());
        active = content.isActive();
        search = Folded.text(displayName, names, lastName, secondLastName, email);
    }
}
