-- A repeated request (Idempotency-Key) finds what it created.
alter table users
    add column created_by      object_id references users,
    add column idempotency_key text,
    add column request_digest  bytea;
create unique index users_created_once on users (created_by, idempotency_key) where idempotency_key is not null;

alter table access_roles
    add column created_by      object_id references users,
    add column idempotency_key text,
    add column request_digest  bytea;
create unique index access_roles_created_once on access_roles (created_by, idempotency_key) where idempotency_key is not null;

-- The address as it is compared: the same for all spellings. Other addresses than ASCII ones follow in Java (V9.1): SQL
-- has no IDNA.
alter table users add column email_key text collate "C";
update users
set email = split_part(email, '@', 1) || '@' || lower(split_part(email, '@', 2) collate "C"), email_key = lower(email collate "C")
where email ~ '^[!-?A-~]+@[!-?A-~]+$';

-- The networks that each user signed in from lately. Their attempts have an allowance of their own, so that failures
-- from elsewhere do not keep the user out.
create table signin_networks (
    user_id      object_id   not null references users,
    network      text        not null collate "C",
    signed_in_at timestamptz not null,
    primary key (user_id, network)
);
create index signin_networks_signed_in on signin_networks (signed_in_at);
