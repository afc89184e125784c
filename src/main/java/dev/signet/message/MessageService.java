package dev.signet.message;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.channel.Channel;
import dev.signet.channel.ChannelAccess;
import dev.signet.message.Message.Part;
import dev.signet.message.MessageRows.Kept;
import dev.signet.platform.IdempotencyKey;
import dev.signet.platform.Ids;
import dev.signet.platform.IfMatch;
import dev.signet.platform.ObjectId;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.user.UserService;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** What is said in channels: by its sender, or by a bot that acts for the sender, with the rights of both. */
@Service
class MessageService {

    /** What a new message is made of. */
    record Wanted(
            String channel,
            String text,
            String type,
            List<Part> parts,
            @Nullable String sentBy,
            List<String> reply,
            @Nullable IdempotencyKey request) {

        MessageContent content() {
            return new MessageContent(text, type, parts);
        }
    }

    /** What of a message can be written again. Existing clients send {@code channel} and {@code isSaved}, which change nothing. */
    @Schema(name = "MessageEdit")
    record Edit(
            @ObjectId @NotNull String channel,
            @Schema(example = "Order 7 is packed") @NotNull String content,
            @NotNull @Size(max = 100) List<@NotNull @Valid Part> contentParts,
            @NotNull Boolean isHidden,
            @NotNull Integer isSaved) {

        Edit hidden() {
            return new Edit(channel, content, contentParts, true, isSaved);
        }

        /** Rejects invalid content with 400. What was stored before a rule came stays valid until it is edited. */
        void check(String type) {
            new MessageContent(content, type, contentParts);
        }

        boolean saysOther(Edit now) {
            return !content.equals(now.content) || !contentParts.equals(now.contentParts);
        }
    }

    /** A message, and whether this very request made it. */
    record Posted(Message message, boolean isNew) {}

    private static final String MODEL = "Message";
    private static final String WRITE = "messages-write";

    private final Posting posting;
    private final MessageRows rows;
    private final ChannelAccess channels;
    private final UserService users;
    private final AuditLog log;
    private final TransactionTemplate transaction;
    private final Clock clock;

    MessageService(
            Posting posting,
            MessageRows rows,
            ChannelAccess channels,
            UserService users,
            AuditLog log,
            TransactionTemplate transaction,
            Clock clock) {
        this.posting = posting;
        this.rows = rows;
        this.channels = channels;
        this.users = users;
        this.log = log;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Posts a message. The same request of the same caller posts it once, however often and whenever it comes. */
    Posted post(Caller caller, Wanted wanted) {
        Caller sender = wanted.sentBy() == null ? caller : users.actFor(caller, wanted.sentBy());
        sender.permissions().mustHold(Set.of(WRITE));
        Message earlier = madeBefore(caller, wanted.request());
        if (earlier != null) {
            ChannelAccess.requireMember(sender, channels.get(sender, earlier.channel()));
            return new Posted(earlier, false);
        }
        MessageContent content = content(sender, wanted);
        try {
            return Objects.requireNonNull(
                    transaction.execute(status -> new Posted(make(sender, wanted, content), true)));
        } catch (DuplicateKeyException atTheSameMoment) {
            Message other = madeBefore(caller, wanted.request());
            if (other == null) {
                throw atTheSameMoment;
            }
            return new Posted(other, false);
        }
    }

    /** Changes a message's words, hides it or shows it again. */
    @Transactional
    Message edit(Caller caller, String id, @Nullable IfMatch precondition, UnaryOperator<Edit> change) {
        Kept before = find(caller, id);
        boolean moderates = caller.permissions().allows(ChannelAccess.ADMINISTER);
        Caller author = author(caller, before, moderates);
        Edit now = before.asEdit();
        Edit edited = change.apply(now);
        if (!edited.channel().equals(now.channel())) {
            throw ProblemException.invalid("channel", "own_channel");
        }
        boolean hides = edited.isHidden() && !now.isHidden();
        boolean shows = now.isHidden() && !edited.isHidden();
        if (!moderates && (shows || edited.saysOther(now))) {
            ChannelAccess.requireWritable(author, channels.get(author, now.channel()));
        }
        if (edited.saysOther(now)) {
            edited.check(before.message().contentType());
        }
        if (hides && !moderates && before.isOld()) {
            throw Problem.TOO_LATE.with();
        }
        if (shows && !moderates && !author.user().equals(before.hiddenBy())) {
            throw Problem.NOT_YOUR_MESSAGE.with();
        }
        IfMatch.check(precondition, before.message().version());
        // what its sender hid, its sender could show again
        boolean takesOver = moderates
                && now.isHidden()
                && edited.isHidden()
                && !author.user().equals(before.message().sentBy())
                && before.message().sentBy().equals(before.hiddenBy());
        if (!hides && !shows && !takesOver && !edited.saysOther(now)) {
            return before.message();
        }
        String hiddenBy = hides || takesOver ? author.user() : shows ? null : before.hiddenBy();
        if (!posting.edit(
                before.message(), edited.content(), edited.contentParts(), hides ? "remove" : "edit", hiddenBy)) {
            throw Problem.CONFLICT.with();
        }
        Message after = rows.get(id);
        if (author.actedBy() != null || !author.user().equals(after.sentBy())) {
            log.changed(author, Event.MODIFY, MODEL, id, before.message(), after);
        }
        return after;
    }

    /** Adds one's reaction, or takes it back. */
    @Transactional
    Message react(Caller caller, String id, @Nullable IfMatch precondition, String emoji, boolean on) {
        Message message = find(caller, id).message();
        Channel channel = channels.get(caller, message.channel());
        ChannelAccess.requireMember(caller, channel);
        Reaction reaction = Reaction.of(emoji);
        if (!channel.isActive()) {
            throw Problem.CHANNEL_INACTIVE.with();
        }
        IfMatch.check(precondition, message.version());
        if (on) {
            if (!posting.react(message, reaction, caller.user())) {
                throw Problem.TOO_MANY_REACTIONS.with();
            }
        } else {
            posting.unreact(message, reaction, caller.user());
        }
        return rows.get(id);
    }

    private Message make(Caller sender, Wanted wanted, MessageContent content) {
        String id = Ids.next(clock.instant());
        Message made = posting.post(sender, id, wanted.channel(), content, wanted.reply(), wanted.request());
        if (made == null) {
            requireWritable(sender, wanted.channel());
            // it has let the sender in since
            throw Problem.CONFLICT.with();
        }
        rows.requireInChannel(wanted.channel(), wanted.reply());
        if (sender.actedBy() != null) {
            log.changed(sender, Event.CREATE, MODEL, id, null, made);
        }
        return made;
    }

    private @Nullable Message madeBefore(Caller caller, @Nullable IdempotencyKey request) {
        return request == null ? null : rows.madeBy(caller.user(), request);
    }

    /** The words; who may not write is not told what is wrong with them. */
    private MessageContent content(Caller sender, Wanted wanted) {
        try {
            return wanted.content();
        } catch (ProblemException invalid) {
            requireWritable(sender, wanted.channel());
            throw invalid;
        }
    }

    private void requireWritable(Caller sender, String id) {
        Channel channel =
                channels.find(sender, id).orElseThrow(() -> ProblemException.invalid("channel", "unknown_id"));
        ChannelAccess.requireMember(sender, channel);
        ChannelAccess.requireWritable(sender, channel);
    }

    private Kept find(Caller caller, String id) {
        return rows.find(caller.company(), id).orElseThrow(Problem.NOT_FOUND::with);
    }

    /** As whom the caller changes the message: as its sender, or as one who administers channels. */
    private Caller author(Caller caller, Kept kept, boolean moderates) {
        String sender = kept.message().sentBy();
        boolean through = !moderates && caller.token() != null && caller.token().equals(kept.token());
        Caller author = through ? users.actFor(caller, sender) : caller;
        Channel channel = channels.get(author, kept.message().channel());
        if (!moderates) {
            if (!author.user().equals(sender)) {
                throw Problem.NOT_YOUR_MESSAGE.with();
            }
            ChannelAccess.requireMember(author, channel);
            author.permissions().mustHold(Set.of(WRITE));
        }
        return author;
    }
}
