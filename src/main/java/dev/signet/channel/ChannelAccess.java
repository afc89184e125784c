package dev.signet.channel;

import dev.signet.access.Caller;
import dev.signet.platform.ListQuery;
import dev.signet.platform.Lists;
import dev.signet.platform.ObjectId;
import dev.signet.platform.Page;
import dev.signet.platform.Problem;
import dev.signet.user.UserService;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Who may know of a channel, read what is said in it, and write. */
@Component
public class ChannelAccess {

    public static final String READ_ALL = "admin-channels-read";
    public static final String ADMINISTER = "admin-channels-write";

    /** A user's place in a channel. */
    public record Membership(String channel, String user) {}

    /** What the list of channels can be asked besides. */
    record Filter(
            @Nullable String group, @Nullable @ObjectId String user) {

        Filter {
            group = ListQuery.presence(group);
            user = ListQuery.presence(user);
        }
    }

    private final Lists lists;
    private final Members members;
    private final UserService users;

    ChannelAccess(Lists lists, Members members, UserService users) {
        this.lists = lists;
        this.members = members;
        this.users = users;
    }

    /** The channel, where the caller may know of it. */
    public Channel get(Caller caller, String id) {
        return find(caller, id).orElseThrow(Problem.NOT_FOUND::with);
    }

    public Optional<Channel> find(Caller caller, String id) {
        return lists.find(ChannelList.LISTED, caller.company(), id, ChannelList.seenBy(caller));
    }

    /** The channel as who administers it sees it. */
    Channel whole(String company, String id) {
        return lists.find(ChannelList.LISTED, company, id, ChannelList.seenByAll())
                .orElseThrow();
    }

    Page<Channel> page(Caller caller, ListQuery query, Filter filter) {
        if (filter.user() != null) {
            users.requireKnown(caller.company(), "user", filter.user());
        }
        return lists.page(ChannelList.LISTED, caller.company(), query, where -> {
            ChannelList.seenBy(caller).accept(where);
            where.and("t.group_id = :group", "group", filter.group())
                    .and(
                            "exists(select from channel_members u where u.channel_id = t.id and u.user_id = :member)",
                            "member",
                            filter.user());
        });
    }

    /** Refuses who may not read what is said in the channel: 404 where they may not know of it, else 403. */
    public void requireReadable(Caller caller, String id) {
        Channel channel = get(caller, id);
        if (!caller.permissions().allows(READ_ALL)) {
            requireMember(caller, channel);
        }
    }

    public static void requireMember(Caller caller, Channel channel) {
        if (!channel.hasMember(caller.user())) {
            throw Problem.NOT_A_MEMBER.with();
        }
    }

    /** Refuses a member whom the channel does not let write now. */
    public static void requireWritable(Caller member, Channel channel) {
        if (!channel.isWritableBy(member.user())) {
            throw Problem.READ_ONLY_CHANNEL.with();
        }
        if (!channel.isActive()) {
            throw Problem.CHANNEL_INACTIVE.with();
        }
    }

    /** Those of the memberships that have not ended. */
    public Set<Membership> stillMembers(Collection<Membership> memberships) {
        return members.existing(memberships);
    }
}
