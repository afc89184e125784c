package dev.signet.token;

import dev.signet.role.RoleService;
import dev.signet.user.UserService;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** Nobody hands out what they do not hold: what a token carries, switched-off roles counted as on. */
@Component
class Ceiling {

    private final RoleService roles;
    private final UserService users;

    Ceiling(RoleService roles, UserService users) {
        this.roles = roles;
        this.users = users;
    }

    /** The permissions of its access roles, and those of the users that it may act for. */
    Set<String> carried(String company, TokenContent content) {
        Set<String> carried = new TreeSet<>(roles.permissionsOf(company, content.accessRoles()));
        carried.addAll(users.permissionsOf(company, content.impersonates()));
        return carried;
    }
}
