package dev.signet.avatar;

import dev.signet.access.Caller;
import dev.signet.audit.AuditLog;
import dev.signet.audit.Event;
import dev.signet.platform.CleanUp;
import dev.signet.platform.HeavyWork.Client;
import dev.signet.platform.Ids;
import dev.signet.platform.Problem;
import dev.signet.platform.ProblemException;
import dev.signet.platform.Rows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps pictures: a bounded number for each user, and those that nobody shows for a day. */
@Service
public class AvatarService {

    /** The bytes of a picture in one size. */
    @SuppressWarnings("ArrayRecordComponent") // never compared or printed
    record Image(MediaType mediaType, byte[] bytes) {}

    /** How many the user has made within the window, and in how many seconds the first of them leaves it. */
    private record Uploads(int count, long seconds) {}

    private static final int MOST = 50;
    private static final Duration WINDOW = Duration.ofDays(1);

    private final JdbcClient jdbc;
    private final Decoder decoder;
    private final AuditLog log;
    private final Clock clock;
    private final TransactionTemplate transaction;

    /** The users with an upload under way here: one each, so that nobody takes every turn. */
    private final Set<String> uploading = ConcurrentHashMap.newKeySet();

    AvatarService(JdbcClient jdbc, Decoder decoder, AuditLog log, Clock clock, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.decoder = decoder;
        this.log = log;
        this.clock = clock;
        this.transaction = transaction;
    }

    /** Makes the picture anew and keeps it. Refuses with 429 where the caller has uploaded too many of late, or is doing so. */
    Avatar create(Caller caller, byte[] upload) {
        if (!uploading.add(caller.user())) {
            throw Problem.TOO_MANY_REQUESTS
                    .with()
                    .limit("avatars-at-once", 1, Decoder.LONGEST_TURN, Decoder.LONGEST_TURN);
        }
        try {
            // asked twice: before the work is done, and where nobody else can come between
            requireFewUploads(caller.user());
            Picture picture = decoder.decode(Client.of(caller.company(), caller.user()), upload);
            return transaction.execute(status -> keep(caller, picture));
        } finally {
            uploading.remove(caller.user());
        }
    }

    /** The picture in that size, whoever asks: its address is its secret. Empty where there is none. */
    Optional<Image> find(String id, String size) {
        return jdbc.sql("""
                        select media_type,
                               case :size when 'small' then small when 'square' then square when 'original' then original end
                                   as bytes
                        from avatars
                        where id = :id and :size in ('small', 'square', 'original')
                        """)
                .param("id", id)
                .param("size", size)
                .query((row, number) ->
                        new Image(MediaType.valueOf(row.getString("media_type")), row.getBytes("bytes")))
                .optional();
    }

    /**
     * Refuses an id that is not the company's: 400 at {@code avatar}, the same for another company's and for none. A picture
     * that is known stays until the transaction under way has ended.
     */
    public void requireKnown(String company, @Nullable String id) {
        if (id != null
                && jdbc.sql("select id from avatars where company_id = :company and id = :id for key share")
                        .param("company", company)
                        .param("id", id)
                        .query()
                        .listOfRows()
                        .isEmpty()) {
            throw ProblemException.invalid("avatar", "unknown_id");
        }
    }

    @Scheduled(fixedDelayString = "PT1H")
    void forgetWhatNobodyShows() {
        while (transaction.execute(status -> forgetPortion())) {
            // there may be more
        }
    }

    private boolean forgetPortion() {
        // what an edit holds is passed over: it may be shown in a moment
        List<@Nullable String> held = jdbc.sql("""
                            select a.id
                            from avatars a
                            where a.created_at < now() - make_interval(secs => :age) and not exists (select from users u where u.avatar_id = a.id)
                            limit :portion
                            for update of a skip locked
                            """)
                .param("age", WINDOW.toSeconds())
                .param("portion", CleanUp.PORTION)
                .query(String.class)
                .list();
        // no edit gets it now, but one may have had it just before: it is looked at again
        jdbc.sql("""
                            delete from avatars a
                            where a.id in (select * from unnest(cast(:held as text[])))
                              and not exists (select from users u where u.avatar_id = a.id)
                            """).param("held", held.toArray(String[]::new)).update();
        return held.size() == CleanUp.PORTION;
    }

    private Avatar keep(Caller caller, Picture picture) {
        jdbc.sql("select from users where id = :user for no key update")
                .param("user", caller.user())
                .query()
                .listOfRows();
        requireFewUploads(caller.user());
        Instant now = clock.instant();
        String id = Ids.next(now);
        jdbc.sql("""
                        insert into avatars (id, company_id, media_type, small, square, original, created_by, created_at)
                        values (:id, :company, :mediaType, :small, :square, :original, :user, :now)
                        """)
                .param("id", id)
                .param("company", caller.company())
                .param("mediaType", picture.mediaType())
                .param("small", picture.small())
                .param("square", picture.square())
                .param("original", picture.original())
                .param("user", caller.user())
                .param("now", Rows.time(now))
                .update();
        Avatar made = Avatar.ofPicture(id);
        log.changed(caller, Event.CREATE, "Avatar", id, null, made);
        return made;
    }

    private void requireFewUploads(String user) {
        Uploads uploads = jdbc.sql("""
                        select count(*) as uploads, ceil(extract(epoch from min(created_at) - now()) + :window) as seconds
                        from avatars
                        where created_by = :user and created_at > now() - make_interval(secs => :window)
                        """)
                .param("user", user)
                .param("window", WINDOW.toSeconds())
                .query((row, number) -> new Uploads(row.getInt("uploads"), row.getLong("seconds")))
                .single();
        if (uploads.count() >= MOST) {
            throw Problem.TOO_MANY_REQUESTS
                    .with()
                    .limit("avatars", MOST, WINDOW, Duration.ofSeconds(uploads.seconds()));
        }
    }
}
