package dev.signet.token;

import dev.signet.platform.CleanUp;
import dev.signet.platform.Failures;
import dev.signet.platform.Input;
import dev.signet.platform.Rows;
import jakarta.annotation.PreDestroy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * When each token was last used, from where and by which client. Noted in memory, so that no request writes; every few
 * seconds all of it goes to the database in one statement. A kill loses the last few seconds, nothing else.
 */
@Component
class Uses {

    private static final Logger LOG = LoggerFactory.getLogger(Uses.class);
    private static final int LONGEST_AGENT = 200;

    // In the order of their ids, so that two nodes never wait for one another in a circle. Another node may have
    // written a later use; what counts of a secret in grace is only added up for the same one.
    // A batch is written once: where the answer was lost, the number of the batch tells.
    private static final String WRITE = """
            with batch as (
                insert into api_token_use_batches as b (node, number, written_at) values (:node, :batch, now())
                on conflict (node) do update set number = excluded.number, written_at = excluded.written_at
                where b.number < excluded.number
                returning number)
            insert into api_token_uses as u (token_id, used_at, address, agent, grace_of, grace_uses)
            select uses.* from batch, unnest(cast(:tokens as text[]), cast(:times as timestamptz[]), cast(:addresses as text[]),
                                 cast(:agents as text[]), cast(:graceOf as text[]), cast(:graceUses as bigint[])) as uses
            on conflict (token_id) do update set
                used_at = greatest(u.used_at, excluded.used_at),
                address = case when u.used_at > excluded.used_at then u.address else excluded.address end,
                agent = case when u.used_at > excluded.used_at then u.agent else excluded.agent end,
                grace_of = coalesce(excluded.grace_of, u.grace_of),
                grace_uses = excluded.grace_uses
                             + case when coalesce(excluded.grace_of, u.grace_of) = u.grace_of then u.grace_uses else 0 end
            """;

    /** @param graceOf the secret that was used in its grace, if one was, and how often */
    private record Use(
            Instant at,
            String address,
            @Nullable String agent,
            @Nullable String graceOf,
            long graceUses) {

        Use after(Use earlier) {
            boolean same = graceOf == null || earlier.graceOf == null || graceOf.equals(earlier.graceOf);
            Use latest = at.isBefore(earlier.at) ? earlier : this;
            return new Use(
                    latest.at,
                    latest.address,
                    latest.agent,
                    graceOf == null ? earlier.graceOf : graceOf,
                    same ? graceUses + earlier.graceUses : graceUses);
        }
    }

    private final Map<String, Use> gathered = new ConcurrentHashMap<>();
    private final String node = UUID.randomUUID().toString();
    private final JdbcClient jdbc;

    /** What is being written. It stays as it is until the database has confirmed it; a number for each. */
    private Map<String, Use> batch = Map.of();

    private long batchNumber;

    Uses(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Notes a use. {@code replaced} is the secret's public id where it was used in its grace. */
    void note(String token, Instant at, String address, @Nullable String agent, @Nullable String replaced) {
        Use use = new Use(at, address, kept(agent), replaced, replaced == null ? 0 : 1);
        gathered.merge(token, use, (earlier, later) -> later.after(earlier));
    }

    @Scheduled(fixedDelayString = "PT5S", initialDelayString = "PT5S")
    @PreDestroy
    synchronized void write() {
        try {
            // first what an earlier attempt may or may not have written
            writeBatch();
            batch = take();
            batchNumber++;
            writeBatch();
        } catch (RuntimeException failure) {
            LOG.warn("Last uses of {} tokens could not be written yet: {}", batch.size(), Failures.reason(failure));
        }
    }

    /** The batches of nodes that do not run any more. */
    @Scheduled(fixedDelayString = "PT1H")
    void forgetOldBatches() {
        CleanUp.delete(jdbc, "api_token_use_batches", "written_at < now() - interval '7 days'");
    }

    private void writeBatch() {
        if (!batch.isEmpty()) {
            insert(batch);
            batch = Map.of();
        }
    }

    /** One by one, so that a use that is noted meanwhile is either taken or stays. */
    private Map<String, Use> take() {
        Map<String, Use> taken = new TreeMap<>();
        for (String token : List.copyOf(gathered.keySet())) {
            Use use = gathered.remove(token);
            if (use != null) {
                taken.put(token, use);
            }
        }
        return taken;
    }

    private void insert(Map<String, Use> uses) {
        jdbc.sql(WRITE)
                .param("node", node)
                .param("batch", batchNumber)
                .param("tokens", uses.keySet().toArray(String[]::new))
                .param("times", column(uses, use -> Rows.time(use.at()).toString()))
                .param("addresses", column(uses, Use::address))
                .param("agents", column(uses, Use::agent))
                .param("graceOf", column(uses, Use::graceOf))
                .param("graceUses", column(uses, use -> Long.toString(use.graceUses())))
                .update();
    }

    private static @Nullable String[] column(Map<String, Use> uses, Function<Use, @Nullable String> value) {
        return uses.values().stream().map(value).toArray(String[]::new);
    }

    private static @Nullable String kept(@Nullable String agent) {
        if (agent == null || agent.isBlank() || !Input.isStorable(agent)) {
            return null;
        }
        // never cut within a character: half of one cannot be stored
        return agent.codePointCount(0, agent.length()) <= LONGEST_AGENT
                ? agent
                : agent.substring(0, agent.offsetByCodePoints(0, LONGEST_AGENT));
    }
}
