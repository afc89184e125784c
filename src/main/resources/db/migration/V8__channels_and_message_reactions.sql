-- what the request that created it was called by its sender, and a digest of its body
alter table channels
    add column idempotency_key text,
    add column request_digest  bytea,
    add constraint channels_made_once unique (created_by, idempotency_key);

-- Variation selectors only choose how an emoji is drawn: U+2764 and U+2764 U+FE0F are one reaction, and the first of a user's
-- rows stands for both.
delete from message_reactions later using message_reactions first
where first.message_id = later.message_id and first.user_id = later.user_id
  and translate(first.emoji, E'\uFE0E\uFE0F', '') = translate(later.emoji, E'\uFE0E\uFE0F', '')
  and (first.at, first.emoji) < (later.at, later.emoji);

alter table message_reactions
    add column base_emoji text not null generated always as (translate(emoji, E'\uFE0E\uFE0F', '')) stored,
    drop constraint message_reactions_pkey,
    add primary key (message_id, base_emoji, user_id);
