-- A flood of refusals is counted in memory first: a row's count may grow by more than one.
create or replace function refuse_audit_change() returns trigger language plpgsql as
$$
begin
    -- refusals may be added to a row of refusals; nothing else of any row ever changes
    if tg_op = 'UPDATE' and old.minute is not null and new.count > old.count
        and to_jsonb(new) - 'count' = to_jsonb(old) - 'count' then
        return new;
    end if;
    raise exception 'the audit log is append-only';
end
$$;
