alter table channels
    add column group_id       text,
    add column is_direct      boolean not null default false,
    add column is_private     boolean not null default false,
    -- who may post: all members, or none but these
    add column write          text    not null default 'all' check (write in ('all', 'none')),
    add column write_user_ids text[]  not null default '{}',
    add column search         text    not null default '' collate "C",
    add column created_by     object_id references users;

update channels set search = lower(name_display || ' ' || name_code);

create index channels_modified on channels (company_id, modified_at, id);
create index channels_created on channels (company_id, created_at, id);
create index channels_name on channels (company_id, search, id);
create index channels_search on channels using gin (company_id, search gin_trgm_ops);
create index channel_members_user on channel_members (user_id);

-- Where each channel stands: the number and time of its last change, and its last message. Every change takes the next number
-- here, in the statement that makes it, and so holds the row until it is committed: a number is never seen before a lower one.
create table channel_heads (
    channel_id   object_id primary key references channels,
    number       bigint      not null,
    at           timestamptz not null,
    last_message object_id
) with (fillfactor = 20); -- each message writes it: there is room for its next versions beside it

insert into channel_heads (channel_id, number, at) select id, 0, date_trunc('milliseconds', created_at) from channels;

create table messages (
    id              object_id primary key,
    channel_id      object_id   not null references channels,
    -- the number in the channel that it was made with, and that of its last change
    number          bigint      not null,
    changed         bigint      not null,
    sender          object_id   not null references users,
    -- the bot that really spoke, where one acted for the sender, and the token that it came through
    acted_by        object_id references users,
    token_id        object_id references api_tokens,
    content         text        not null,
    content_type    text        not null,
    -- as it was sent: jsonb would write a number like 1e9999 out
    content_parts   json        not null,
    reply           text[]      not null,
    is_hidden       boolean     not null default false,
    hidden_by       object_id references users,
    version         bigint      not null default 0,
    created_at      timestamptz not null,
    modified_at     timestamptz not null,
    idempotency_key text,
    request_digest  bytea,
    constraint messages_number unique (channel_id, number)
);

create index messages_modified on messages (channel_id, modified_at, changed);
-- a key is of whoever sends the request, for whomever that is
create unique index messages_made_once on messages (coalesce(acted_by, sender), idempotency_key)
    where idempotency_key is not null;

create table message_reactions (
    message_id object_id   not null references messages,
    emoji      text        not null,
    user_id    object_id   not null references users,
    at         timestamptz not null,
    primary key (message_id, emoji, user_id)
);

-- What happened to a message after it was made, for those who follow the channel.
create table message_changes (
    channel_id object_id not null references channels,
    number     bigint    not null,
    kind       text      not null check (kind in ('edit', 'remove', 'reaction')),
    message_id object_id not null references messages,
    primary key (channel_id, number)
);
