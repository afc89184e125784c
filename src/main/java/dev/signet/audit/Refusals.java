package dev.signet.audit;

import dev.signet.platform.Failures;
import dev.signet.platform.Rows;
import dev.signet.platform.Trace;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes refusals. The first of one actor, route, reason and minute are written before they are answered, so that the trace
 * ids in the answers find the row. The others are counted in memory and added to the row when the minute is over: a flood of
 * refusals would otherwise hold all connections that writers have. A kill loses what was counted in its minute, nothing else.
 */
@Component
class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    // One after another, so that the reasons are counted exactly: a statement does not see what another one is writing.
    private static final String LOCK = "select 1 from (select pg_advisory_xact_lock(hashtextextended(:refusals, 0))) l";

    private static final String REFUSAL = """
            with reasons as (
                select md5(changes::text) as reason from audit_logs
                where coalesce(actor, address) = coalesce(:actor, :address) and minute = :minute and route = :route
                  and event = :event and coalesce(company_id, '') = coalesce(:company, '')
                  and coalesce(token, '') = coalesce(:token, '')),
            counted as (%s
                on conflict (coalesce(actor, address), minute, route, event, coalesce(company_id, ''), coalesce(token, ''), md5(changes::text))
                where minute is not null
                do update set count = audit_logs.count + excluded.count
                returning id, count)
            insert into audit_refusal_traces (log_id, number, trace_id)
            select id, count, :trace from counted where count between 2 and %d
            """.formatted(
            Entry.INSERT.formatted("""
            cast(case when (select count(*) from reasons) < %d
                        or md5(cast(:changes as jsonb)::text) in (select reason from reasons)
                      then :changes else '%s' end as jsonb)""".formatted(RefusalCounts.REASONS, RefusalCounts.OTHER)), RefusalCounts.AT_ONCE);

    private final RefusalCounts counts = new RefusalCounts();
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;

    /** What was counted in minutes that are over. */
    private final Deque<Refusal> ended = new ArrayDeque<>();

    Refusals(JdbcClient jdbc, PlatformTransactionManager transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.clock = clock;
    }

    void add(Entry entry, String route) {
        Refusal refusal = new Refusal(entry, route, clock.instant(), Trace.id(), 1);
        if (counts.isFirst(refusal)) {
            write(refusal);
        }
    }

    @Scheduled(fixedDelayString = "PT5S", initialDelayString = "PT5S")
    void writeEnded() {
        writeBefore(clock.instant().truncatedTo(ChronoUnit.MINUTES));
    }

    @PreDestroy
    void writeAll() {
        writeBefore(Instant.MAX);
    }

    /** Writes again what could not be written while the database was away. Anything else that fails would fail again. */
    private synchronized void writeBefore(Instant minute) {
        ended.addAll(counts.takeBefore(minute));
        while (!ended.isEmpty()) {
            try {
                write(ended.getFirst());
            } catch (RuntimeException failure) {
                Failures.log(LOG, "The number of refusals could not be written", failure);
                if (Failures.isDatabaseAway(failure)) {
                    return;
                }
            }
            ended.removeFirst();
        }
    }

    private void write(Refusal refusal) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql(LOCK)
                    .param("refusals", refusal.entry().actorOrAddress() + " " + refusal.route())
                    .query(Integer.class)
                    .single();
            refusal.entry()
                    .set(jdbc.sql(REFUSAL), refusal.at(), refusal.trace(), refusal.route())
                    .param("minute", Rows.time(refusal.minute()))
                    .param("count", refusal.count())
                    .update();
        });
    }
}
