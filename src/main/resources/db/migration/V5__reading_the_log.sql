-- What the log is searched for: event, model, item, address and route, and the actor as they were called then.
alter table audit_logs add column search text collate "C" not null default '';

alter table audit_logs disable trigger audit_logs_append_only;
update audit_logs l
set search = lower(concat_ws(' ', event, model, item, address, route))
    || coalesce((select ' ' || u.search from users u where u.id = l.actor), '');
alter table audit_logs enable trigger audit_logs_append_only;

-- Each filter together with the time, so that a page of what is rare does not read all that lies between.
drop index audit_logs_item;
create index audit_logs_item on audit_logs (company_id, item, at, id);
create index audit_logs_event on audit_logs (company_id, event, at, id);
create index audit_logs_model on audit_logs (company_id, model, at, id);
create index audit_logs_actor on audit_logs (company_id, actor, at, id);
create index audit_logs_trace on audit_logs (company_id, trace_id);
create index audit_logs_search on audit_logs using gin (company_id, search gin_trgm_ops);

-- By the digest of the reason: the reason itself may be longer than an index can hold, and the refusal then went unlogged.
drop index audit_logs_refusals;
create unique index audit_logs_refusals on audit_logs
    (event, coalesce(company_id, ''), coalesce(actor, address), coalesce(token, ''), route, md5(changes::text), minute)
    where minute is not null;

-- Refusals that share a row: the trace id of the second to the hundredth, whose answers it stands in. A table of its own,
-- for a row that is counted on keeps its place in every index.
create table audit_refusal_traces (
    log_id   object_id not null references audit_logs,
    number   integer   not null check (number between 2 and 100),
    trace_id text      not null collate "C",
    primary key (log_id, number)
);

create index audit_refusal_traces_trace on audit_refusal_traces (trace_id);

create function refuse_audit_trace_change() returns trigger language plpgsql as
$$
begin
    raise exception 'the audit log is append-only';
end
$$;

create trigger audit_refusal_traces_append_only before update or delete or truncate on audit_refusal_traces
    for each statement execute function refuse_audit_trace_change();
