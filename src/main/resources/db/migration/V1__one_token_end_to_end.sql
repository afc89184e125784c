-- Substring search inside one company: trigrams for the text, btree_gin for the company beside it.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- 24 hex digits that sort by time. Collation "C": compared as bytes, whatever the database's locale.
create domain object_id as text collate "C" check (value ~ '^[0-9a-f]{24}$');

create table companies (
    id           object_id primary key,
    display_name text        not null,
    version      bigint      not null,
    created_at   timestamptz not null,
    modified_at  timestamptz not null
);

create table access_roles (
    id          object_id primary key,
    company_id  object_id   not null references companies,
    name        text        not null,
    description text,
    permissions text[]      not null,
    active      boolean     not null,
    locked      boolean     not null,
    search      text        not null collate "C",
    version     bigint      not null,
    created_at  timestamptz not null,
    modified_at timestamptz not null
);

create index access_roles_created on access_roles (company_id, created_at, id);
create index access_roles_name on access_roles (company_id, search, id);
create index access_roles_modified on access_roles (company_id, modified_at, id);
create index access_roles_search on access_roles using gin (company_id, search gin_trgm_ops);

-- People and bots alike. What a bot may do hangs on its access roles just as with a person.
create table users (
    id               object_id primary key,
    company_id       object_id   not null references companies,
    is_bot           boolean     not null,
    email            text        not null,
    names            text        not null,
    last_name        text        not null,
    second_last_name text        not null,
    display_name     text        not null,
    job_title        text,
    access_roles     text[]      not null,
    is_active        boolean     not null,
    search           text        not null collate "C",
    version          bigint      not null,
    created_at       timestamptz not null,
    modified_at      timestamptz not null
);

create unique index users_email on users (lower(email));
create index users_modified on users (company_id, modified_at, id);
create index users_search on users using gin (company_id, search gin_trgm_ops);
create index users_access_roles on users using gin (access_roles);

-- What each user may do now: the one place that says it. Roles of another company give nothing, even if named.
create view authorities as
select u.id as user_id,
       u.company_id,
       u.is_active,
       array(select distinct permission
             from access_roles r
                      cross join unnest(r.permissions) as permission
             where r.company_id = u.company_id
               and r.id = any (u.access_roles)
               and r.active) as permissions
from users u;

create table passwords (
    user_id    object_id primary key references users,
    hash       text        not null,
    generated  boolean     not null,
    changed_at timestamptz not null
);

create table sessions (
    id           object_id primary key,
    user_id      object_id   not null references users,
    generation   integer     not null,
    refreshed_at timestamptz not null,
    replaced_at  timestamptz[] not null default '{}',
    created_at   timestamptz not null,
    ended_at     timestamptz
);

create index sessions_created on sessions (created_at);
create index sessions_living on sessions (user_id) where ended_at is null;

-- Attempts to sign in, per account and per address: the time at which the next one is free.
create table signin_throttles (
    key     text primary key collate "C",
    free_at timestamptz not null
);

create table api_tokens (
    id            object_id primary key,
    company_id    object_id   not null references companies,
    user_id       object_id   not null unique references users,
    name          text        not null,
    code          text        not null collate "C",
    description   text,
    is_active     boolean     not null,
    expires_at    timestamptz,
    revoked_at    timestamptz,
    revoked_by    object_id references users,
    revoke_reason text,
    search        text        not null collate "C",
    version       bigint      not null,
    created_by    object_id   not null references users,
    created_at    timestamptz not null,
    modified_by   object_id   not null references users,
    modified_at   timestamptz not null,
    -- never null, so that a list can go on after it: a token without an end sorts last
    expires_order timestamptz not null
        generated always as (coalesce(expires_at, timestamptz '9999-12-31 00:00:00+00')) stored,
    constraint api_tokens_code unique (company_id, code)
);

create index api_tokens_modified on api_tokens (company_id, modified_at, id);
create index api_tokens_created on api_tokens (company_id, created_at, id);
create index api_tokens_name on api_tokens (company_id, search, id);
create index api_tokens_expires on api_tokens (company_id, expires_order, id);
create index api_tokens_search on api_tokens using gin (company_id, search gin_trgm_ops);

-- A token may have several secrets. Of a secret there is only its keyed digest; the key is not in this database.
create table api_token_secrets (
    public_id  text primary key collate "C",
    token_id   object_id   not null references api_tokens,
    digest     bytea       not null,
    key_id     text        not null,
    created_at timestamptz not null,
    ends_at    timestamptz
);

create index api_token_secrets_token on api_token_secrets (token_id);

create table channels (
    id           object_id primary key,
    company_id   object_id   not null references companies,
    name_display text        not null,
    name_code    text        not null collate "C",
    is_active    boolean     not null,
    version      bigint      not null,
    created_at   timestamptz not null,
    modified_at  timestamptz not null,
    constraint channels_code unique (company_id, name_code)
);

create table channel_members (
    channel_id object_id   not null references channels,
    user_id    object_id   not null references users,
    since      timestamptz not null,
    primary key (channel_id, user_id)
);

create table audit_logs (
    id         object_id primary key,
    company_id object_id references companies,
    event      text        not null,
    model      text        not null,
    item       text,
    actor      object_id references users,
    token      object_id references api_tokens,
    address    text        not null,
    at         timestamptz not null,
    trace_id   text        not null,
    changes    jsonb       not null,
    -- refusals of one actor, route and minute share a row, so that a flood of them cannot fill the log
    route      text,
    minute     timestamptz,
    count      integer     not null default 1
);

create index audit_logs_at on audit_logs (company_id, at, id);
create index audit_logs_item on audit_logs (company_id, item);
create unique index audit_logs_refusals on audit_logs
    (event, coalesce(company_id, ''), coalesce(actor, address), coalesce(token, ''), route, changes, minute) where minute is not null;

create function refuse_audit_change() returns trigger language plpgsql as
$$
begin
    -- a refusal may be counted on; nothing else of any row ever changes
    if tg_op = 'UPDATE' and old.minute is not null and new.count = old.count + 1
        and to_jsonb(new) - 'count' = to_jsonb(old) - 'count' then
        return new;
    end if;
    raise exception 'the audit log is append-only';
end
$$;

create trigger audit_logs_append_only before update or delete on audit_logs
    for each row execute function refuse_audit_change();
create trigger audit_logs_no_truncate before truncate on audit_logs
    for each statement execute function refuse_audit_change();
