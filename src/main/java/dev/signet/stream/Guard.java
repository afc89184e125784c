package dev.signet.stream;

import dev.signet.access.Caller;
import dev.signet.access.Permissions;
import dev.signet.channel.ChannelAccess;
import dev.signet.channel.ChannelAccess.Membership;
import dev.signet.session.SessionService;
import dev.signet.token.TokenVerifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/** Asks for all listeners at once who of them would be refused if they came now. */
@Component
class Guard {

    static final String READ = "messages-read";

    private final TokenVerifier tokens;
    private final SessionService sessions;
    private final ChannelAccess channels;

    Guard(TokenVerifier tokens, SessionService sessions, ChannelAccess channels) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.channels = channels;
    }

    List<Listener> refused(List<Listener> listeners) {
        Map<Caller, Permissions> permissions = new HashMap<>();
        permissions.putAll(tokens.stillGood(callers(listeners, caller -> caller.token() != null)));
        permissions.putAll(sessions.stillGood(callers(listeners, caller -> caller.token() == null)));
        Set<Membership> members = channels.stillMembers(
                listeners.stream().map(Listener::membership).toList());
        return listeners.stream()
                .filter(listener -> !mayRead(
                        permissions.getOrDefault(listener.caller(), Permissions.NONE),
                        members.contains(listener.membership())))
                .toList();
    }

    private static boolean mayRead(Permissions permissions, boolean member) {
        return permissions.allows(ChannelAccess.READ_ALL) || (member && permissions.allows(READ));
    }

    private static List<Caller> callers(List<Listener> listeners, Predicate<Caller> which) {
        return listeners.stream().map(Listener::caller).filter(which).distinct().toList();
    }
}
