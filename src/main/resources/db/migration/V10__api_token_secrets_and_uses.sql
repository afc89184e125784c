alter table api_token_secrets
    -- Null while a secret that replaced another one has never been verified: until then the old one may rotate again, as the
    -- response with this one may have been lost. A secret that replaced none counts as used.
    add column first_used_at   timestamptz,
    -- who issued it, by which request, and a digest of what that request asked for
    add column created_by      object_id references users,
    add column idempotency_key text,
    add column request_digest  bytea,
    add constraint api_token_secrets_issued_once unique (created_by, idempotency_key);

update api_token_secrets set first_used_at = created_at;

-- finds a token by the beginning of a secret
create index api_token_secrets_public_id on api_token_secrets (lower(public_id));

-- Every token has a row from the beginning, so that a list can be sorted by last use and continued after any row. A token that
-- was never used sorts as the one that was used first.
alter table api_token_uses
    alter column used_at drop not null,
    alter column address drop not null,
    add column company_id object_id references companies;

update api_token_uses u set company_id = t.company_id from api_tokens t where t.id = u.token_id;
insert into api_token_uses (token_id, company_id) select id, company_id from api_tokens on conflict do nothing;

alter table api_token_uses
    add column used_order timestamptz not null
        generated always as (coalesce(used_at, timestamptz '0001-01-01 00:00:00+00')) stored;

create index api_token_uses_order on api_token_uses (company_id, used_order, token_id);

create function begin_token_uses() returns trigger language plpgsql as
$$
begin
    insert into api_token_uses (token_id, company_id) values (new.id, new.company_id);
    return null;
end
$$;

create trigger api_tokens_uses after insert on api_tokens for each row execute function begin_token_uses();

-- Whether these addresses and networks restrict anything: some are named, and no block wider than /8 (IPv4) or /16 (IPv6) is
-- covered as a whole, not even by several networks together. Each network counts in the block that is one bit wider than that;
-- networks inside other ones of the list do not count twice.
create function are_restrictive(networks text[]) returns boolean language sql immutable as
$$
    select cardinality(networks) > 0
           and not exists (
               select from (select distinct n, case family(n) when 4 then 7 else 15 end as too_wide
                            from unnest(cast(networks as inet[])) n) a
               where not exists (select from unnest(cast(networks as inet[])) o where a.n << o)
               group by network(set_masklen(n, least(too_wide, masklen(n)))), too_wide
               having sum(power(2, too_wide - masklen(n))) >= 1)
$$;
