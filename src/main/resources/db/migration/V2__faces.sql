-- A picture as it was decoded and encoded again, in its three sizes. Its address holds its id, and it never changes.
create table avatars (
    id         object_id primary key,
    company_id object_id   not null references companies,
    media_type text        not null,
    small      bytea       not null,
    square     bytea       not null,
    original   bytea       not null,
    created_by object_id   not null references users,
    created_at timestamptz not null
);

-- how many somebody has uploaded of late
create index avatars_created on avatars (created_by, created_at);

-- compressed already
alter table avatars
    alter column small set storage external,
    alter column square set storage external,
    alter column original set storage external;

alter table users add column avatar_id object_id references avatars;
create index users_avatar on users (avatar_id);
