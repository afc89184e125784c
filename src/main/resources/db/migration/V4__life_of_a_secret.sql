alter table api_tokens
    add column allowed_ips     text[] not null default '{}',
    add column impersonates    text[] not null default '{}',
    -- what the request that made it was called by its sender, and a digest of what it asked
    add column idempotency_key text,
    add column request_digest  bytea,
    add constraint api_tokens_made_once unique (created_by, idempotency_key);

-- how many live, and which of them break the company's policy
create index api_tokens_living on api_tokens (company_id, expires_order) where revoked_at is null;

-- When, whence and by which client a token was last used. Apart from the tokens, whose rows change seldom; written in
-- batches by each node, so it may lag a minute behind.
create table api_token_uses (
    token_id   object_id primary key references api_tokens,
    used_at    timestamptz not null,
    address    text        not null,
    agent      text,
    -- how often a replaced secret has been used in its grace, and which one that is
    grace_of   text,
    grace_uses bigint      not null default 0
);
