package dev.signet.platform;

import dev.signet.platform.Keys.Purpose;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Finds keys by their ids. Every node announces the ids of its keys in the database, so that a node can tell a key that it
 * lacks from one that nobody ever had: while keys are replaced, nodes differ.
 */
@Component
public class KeyRegistry implements SmartInitializingSingleton {

    /** As long as an access token lives: a key that no node has had for that long is retired. */
    private static final Duration RETIRED_AFTER = Duration.ofMinutes(15);

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");

    private final JdbcClient jdbc;
    private final Keys keys;

    KeyRegistry(JdbcClient jdbc, Keys keys) {
        this.jdbc = jdbc;
        this.keys = keys;
    }

    /**
     * The key that made the stored digest of a living secret, or null where the installation never had it.
     *
     * @throws MissingKeyException where only other nodes have it, or had it
     */
    public @Nullable SecretKey ofDigest(String id, Purpose purpose) {
        return find(id, purpose, "select exists(select from announced_keys where id = :id)");
    }

    /**
     * The key that signed what a client sent, or null where the installation does not have it.
     *
     * @throws MissingKeyException where only other nodes have it
     */
    public @Nullable SecretKey ofSignature(String id, Purpose purpose) {
        return find(id, purpose, """
                select exists(select from announced_keys
                              where id = :id and announced_at > now() - make_interval(secs => %d))
                """.formatted(RETIRED_AFTER.toSeconds()));
    }

    /** All keys of this node, newest first, for what does not name its key. */
    public List<SecretKey> all(Purpose purpose) {
        return keys.all(purpose);
    }

    /** Before the port is open: what this node signs may reach another node at once. */
    @Override
    public void afterSingletonsInstantiated() {
        announce();
    }

    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
    void announce() {
        // in order, so that two nodes never wait for each other in a circle
        jdbc.sql("""
                        insert into announced_keys (id, announced_at)
                        select id, now() from unnest(cast(:ids as text[])) as id order by id
                        on conflict (id) do update set announced_at = excluded.announced_at
                        """).param("ids", keys.ids().toArray(String[]::new)).update();
    }

    private @Nullable SecretKey find(String id, Purpose purpose, String isElsewhere) {
        SecretKey key = keys.find(id, purpose);
        if (key == null
                && ID.matcher(id).matches()
                && jdbc.sql(isElsewhere).param("id", id).query(Boolean.class).single()) {
            throw new MissingKeyException(id);
        }
        return key;
    }
}
