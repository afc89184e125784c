-- How many reasons one actor was refused for on a route in a minute is counted before each refusal is written: the minute
-- comes before the reason, so that this reads at most the rows of that minute.
drop index audit_logs_refusals;
create unique index audit_logs_refusals on audit_logs
    (coalesce(actor, address), minute, route, event, coalesce(company_id, ''), coalesce(token, ''), md5(changes::text))
    where minute is not null;

-- Twenty trace ids are enough to find a refusal. Rows written before keep theirs.
alter table audit_refusal_traces
    drop constraint audit_refusal_traces_number_check,
    add constraint audit_refusal_traces_number_check check (number between 2 and 20) not valid;

create index audit_logs_token on audit_logs (company_id, token, at, id) where token is not null;

-- What is searched for is folded further than before: letters that Unicode does not decompose become plain ones. The columns
-- were folded in the old way, so they are in lower case and without accents; this has the letters of dev.signet.platform.Folded.
create function folded(text) returns text language sql immutable as
$$
select replace(replace(replace(replace(translate($1, 'ςøłđðħŧŋı', 'σolddhtni'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
$$;

update access_roles set search = folded(search) where search <> folded(search);
update users set search = folded(search) where search <> folded(search);
update api_tokens set search = folded(search) where search <> folded(search);
update channels set search = folded(search) where search <> folded(search);

alter table audit_logs disable trigger audit_logs_append_only;
update audit_logs set search = folded(search) where search <> folded(search);
alter table audit_logs enable trigger audit_logs_append_only;

drop function folded;
