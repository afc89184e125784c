-- What a company asks of API tokens that are made or prolonged from now on; null: nothing.
alter table companies
    add column max_lifetime_days     integer,
    add column default_lifetime_days integer,
    add column require_allowed_ips   boolean not null default false;

create index users_created on users (company_id, created_at, id);
create index users_name on users (company_id, search, id);
create index users_by_email on users (company_id, (lower(email) collate "C"), id);

-- Whoever is switched off is signed out for good, not just until they are switched on again. Here and not in the service, so
-- that it holds whoever does it. A sign-in under way holds the user's row: it is either ended here or finds the user inactive.
create function end_sessions() returns trigger language plpgsql as
$$
begin
    update sessions set ended_at = now() where user_id = new.id and ended_at is null;
    return null;
end
$$;

create trigger users_deactivated after update of is_active on users
    for each row when (old.is_active and not new.is_active) execute function end_sessions();
