-- The ids of the keys that nodes have, and when a node last said so: tells a key that a node lacks from one that nobody has.
create table announced_keys (
    id           text primary key collate "C",
    announced_at timestamptz not null
);

insert into announced_keys (id, announced_at) select key_id, max(created_at) from api_token_secrets group by key_id;

-- The last batch of uses that each node has written: one whose answer was lost, and that is sent again, is not counted twice.
create table api_token_use_batches (
    node       text primary key collate "C",
    number     bigint      not null,
    written_at timestamptz not null
);
