package dev.signet.channel;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.channel.Channel.Settings;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.IfMatch;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.user.UserService;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Channels and their members. Whoever made a channel looks after it while a member, and so does who administers channels; any
 * member may bring others in, and leave.
 */
@Service
public class ChannelService {

    private static final String MODEL = "Channel";

    /** What a new channel is made of. */
    record Wanted(
            String nameCode,
            boolean isDirect,
            ChannelContent content,
            List<String> userIds,
            @Nullable IdempotencyKey request) {}

    /** A channel, and whether this very request created it. */
    record Created(Channel channel, boolean isNew) {}

    private final ChannelRepository channels;
    private final Members members;
    private final UserService users;
    private final ChannelAccess access;
    private final JdbcClient jdbc;
    private final AuditLog log;
    private final Clock clock;

    ChannelService(
            ChannelRepository channels,
            Members members,
            UserService users,
            ChannelAccess access,
            JdbcClient jdbc,
            AuditLog log,
            Clock clock) {
        this.channels = channels;
        this.members = members;
        this.users = users;
        this.access = access;
        this.jdbc = jdbc;
        this.log = log;
        this.clock = clock;
    }

    /** Creates a channel. The same request of the same caller creates it once. */
    @Transactional
    Created create(Caller caller, Wanted wanted) {
        Channel earlier = wanted.request() == null ? null : madeBefore(caller, wanted.request());
        return earlier == null ? new Created(make(caller, wanted), true) : new Created(earlier, false);
    }

    private Channel make(Caller caller, Wanted wanted) {
        Set<String> together = new LinkedHashSet<>(List.of(caller.user()));
        together.addAll(wanted.userIds());
        users.requireKnown(caller.company(), "userIds", wanted.userIds());
        requireWritersKnown(caller.company(), wanted.content().settings());
        if (wanted.isDirect() && together.size() != 2) {
            throw ProblemException.invalid("userIds", "direct_pair");
        }
        requirePrivateIf(wanted.isDirect(), wanted.content());
        ChannelEntity channel = new ChannelEntity(
                caller.company(),
                wanted.nameCode(),
                wanted.isDirect(),
                wanted.content(),
                wanted.request(),
                caller.user(),
                clock.instant());
        open(channel, together);
        Channel made = access.get(caller, channel.id());
        log.changed(caller, Event.CREATE, MODEL, made.id(), null, made);
        return made;
    }

    @Transactional
    Channel edit(Caller caller, String id, @Nullable IfMatch precondition, UnaryOperator<ChannelContent> change) {
        ChannelEntity channel =
                channels.findByCompanyIdAndId(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
        Channel before = access.get(caller, id);
        requireLooksAfter(caller, before);
        ChannelContent now = ChannelContent.of(before);
        ChannelContent edited = change.apply(now);
        requireWritersKnown(caller.company(), edited.settings());
        requirePrivateIf(before.isDirect(), edited);
        IfMatch.check(precondition, before.version());
        if (edited.equals(now)) {
            return before;
        }
        channel.edit(edited, clock.instant());
        channels.saveAndFlush(channel);
        Channel after = access.get(caller, id);
        log(caller, Event.edited(before.isActive(), after.isActive()), before, after);
        return after;
    }

    /** Brings a user in. One who is in already: unchanged. */
    @Transactional
    Channel addMember(Caller caller, String id, @Nullable IfMatch precondition, String user) {
        ChannelEntity channel = forChange(caller, id);
        Channel before = access.get(caller, id);
        if (!before.hasMember(caller.user())) {
            requireAdministers(caller);
        }
        users.get(caller.company(), user);
        if (before.isDirect() && !before.hasMember(user)) {
            throw Problem.DIRECT_CHANNEL.with();
        }
        IfMatch.check(precondition, before.version());
        return membersChanged(caller, channel, before, members.add(List.of(id), List.of(user)));
    }

    /** Takes a user out, or lets one leave. One who is not in: unchanged. */
    @Transactional
    Channel removeMember(Caller caller, String id, @Nullable IfMatch precondition, String user) {
        ChannelEntity channel = forChange(caller, id);
        Channel before = access.get(caller, id);
        if (!user.equals(caller.user())) {
            requireLooksAfter(caller, before);
        }
        users.get(caller.company(), user);
        if (before.isDirect() && before.hasMember(user)) {
            throw Problem.DIRECT_CHANNEL.with();
        }
        IfMatch.check(precondition, before.version());
        return membersChanged(caller, channel, before, members.remove(id, user));
    }

    /** Opens the channel that every new company begins with. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void openGeneral(String company, String firstMember) {
        ChannelContent content = new ChannelContent("General", null, true, false, Settings.ALL);
        open(
                new ChannelEntity(company, "general", false, content, null, firstMember, clock.instant()),
                Set.of(firstMember));
    }

    /** Who opens a channel to others must be a member of it, or may administer channels. */
    public void requireMayInvite(Caller caller, List<String> ids) {
        if (!ids.isEmpty()
                && members.count(ids, caller.user()) < Set.copyOf(ids).size()) {
            requireAdministers(caller);
        }
    }

    /** Refuses ids that are not the company's: 400 at their place, the same for another company's and for none. */
    public void requireKnown(String company, List<String> ids) {
        ProblemException.requireKnown("channels", ids, channels.findKnown(company, ids));
    }

    /** Only those who look after a channel may remove others from it. */
    public void requireMayRemove(Caller caller, List<String> ids) {
        ids.forEach(id -> requireLooksAfter(caller, access.whole(caller.company(), id)));
    }

    /** The channels of a user, except direct ones, which belong to their two users. */
    public List<String> channelsOf(String user) {
        return members.channelsOf(user);
    }

    /**
     * Makes the user a member of some channels and of others no longer; in the order of their ids, so that two at once do not
     * wait in a circle.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void move(Caller caller, String user, Collection<String> joined, Collection<String> left) {
        Set<String> ids = new TreeSet<>(joined);
        ids.addAll(left);
        for (String id : ids) {
            ChannelEntity channel = forChange(caller, id);
            Channel before = access.whole(caller.company(), id);
            if (before.isDirect()) {
                throw Problem.DIRECT_CHANNEL.with();
            }
            boolean changed = left.contains(id) ? members.remove(id, user) : members.add(List.of(id), List.of(user));
            membersChanged(caller, channel, before, changed);
        }
    }

    private @Nullable Channel madeBefore(Caller caller, IdempotencyKey request) {
        channels.lock("channel " + caller.user() + " " + request.key());
        return channels.findByCreatedByAndIdempotencyKey(caller.user(), request.key())
                .map(channel -> {
                    channel.requireMadeBy(request);
                    return access.get(caller, channel.id());
                })
                .orElse(null);
    }

    private void open(ChannelEntity channel, Set<String> first) {
        try {
            channels.saveAndFlush(channel);
        } catch (DataIntegrityViolationException e) {
            if (String.valueOf(e.getMessage()).contains("channels_code")) {
                throw Problem.CODE_TAKEN.with();
            }
            throw e;
        }
        jdbc.sql(
                        "insert into channel_heads (channel_id, number, at) values (:channel, 0, date_trunc('milliseconds', now()))")
                .param("channel", channel.id())
                .update();
        members.add(List.of(channel.id()), first);
    }

    private Channel membersChanged(Caller caller, ChannelEntity channel, Channel before, boolean changed) {
        if (!changed) {
            return before;
        }
        channel.membersChanged(clock.instant());
        channels.saveAndFlush(channel);
        Channel after = access.whole(caller.company(), channel.id());
        log(caller, Event.MODIFY, before, after);
        return after;
    }

    private void log(Caller caller, Event event, Channel before, Channel after) {
        log.changed(caller, event, MODEL, after.id(), before.apartFrom(after), after.apartFrom(before));
    }

    private ChannelEntity forChange(Caller caller, String id) {
        return channels.forChange(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
    }

    private void requireWritersKnown(String company, Settings settings) {
        users.requireKnown(company, "settings.writeUserIds", settings.writeUserIds());
    }

    private static void requirePrivateIf(boolean direct, ChannelContent content) {
        if (direct && !content.isPrivate()) {
            throw ProblemException.invalid("isPrivate", "direct_private");
        }
    }

    private static void requireLooksAfter(Caller caller, Channel channel) {
        if (!caller.user().equals(channel.createdBy()) || !channel.hasMember(caller.user())) {
            requireAdministers(caller);
        }
    }

    private static void requireAdministers(Caller caller) {
        caller.permissions().mustHold(Set.of(ChannelAccess.ADMINISTER));
    }
}
