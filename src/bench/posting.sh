#!/usr/bin/env bash
# What posting costs over HTTP, as a ratio to raw inserts of the same row by pgbench: over 1,000 channels, and into one.
#
#   SIGNET=http://localhost:8080 ADMIN=<access token> DATABASE=postgresql://user:password@host:port/signet src/bench/posting.sh [posts] [rounds]
#
# Makes a bot and 1,000 channels of it, then posts that often (default 4000) by 16 callers over HTTP and by 16 clients of pgbench
# in turn, that many rounds (default 5); the table gives medians and the median of the rounds' ratios. pgbench runs the statement
# that the service runs, in a transaction of its own, and reads nothing back. Needs curl, jq, psql and pgbench.
set -euo pipefail

posts=${1:-4000} rounds=${2:-5} callers=16 content='Order 7 is packed and waits at the gate'
: "${SIGNET:?}" "${ADMIN:?}" "${DATABASE:?}"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

api() { curl -sSf "$SIGNET/api/v2/$1" -H "Authorization: Bearer $ADMIN" -H 'Content-Type: application/json' -d "$2"; }
sql() { psql -qXAt "$DATABASE" -v ON_ERROR_STOP=1 -c "$1"; }

stamp=$(date +%s)
role=$(api accessroles '{"name":"Bench","permissions":["messages-write"]}' | jq -r .data._id)
made=$(api apitokens "{\"name\":\"Bench\",\"code\":\"bench_$stamp\",\"userBotName\":\"Bench\",\"accessRoles\":[\"$role\"]}")
secret=$(jq -r .data.token <<< "$made") bot=$(jq -r .data.user <<< "$made") token=$(jq -r .data._id <<< "$made")
company=$(jq -r .data.company <<< "$made")
sql "
create temp table made as
select lpad(to_hex($stamp), 8, '0') || substr(md5('$bot' || n), 1, 16) as id, n from generate_series(1, 1000) n;
insert into channels (id, company_id, name_display, name_code, is_active, version, created_at, modified_at)
select id, '$company', 'Bench ' || n, 'bench_${stamp}_' || n, true, 0, now(), now() from made;
insert into channel_heads (channel_id, number, at) select id, 0, now() from made;
insert into channel_members (channel_id, user_id, since) select id, '$bot', now() from made;
select id from made order by n" > "$work/channels"
sql 'vacuum analyze'

# the statement that posts, with what the service sends as its parameters
raw() {
    cat << SQL
\set n random(1, $1)
with head as (
    update channel_heads h
    set number = h.number + 1, at = greatest(h.at, date_trunc('milliseconds', clock_timestamp())), last_message = made.id
    from channels c, (select lpad(to_hex(extract(epoch from clock_timestamp())::bigint), 8, '0') || substr(md5(random()::text), 1, 16) as id) made
    where h.channel_id = lpad(to_hex($stamp), 8, '0') || substr(md5('$bot' || :n), 1, 16)
      and c.id = h.channel_id and c.company_id = '$company' and c.is_active
      and exists (select from channel_members m where m.channel_id = c.id and m.user_id = '$bot')
      and (c.write = 'all' or '$bot' = any (c.write_user_ids))
    returning h.channel_id, h.number, h.at, made.id)
insert into messages (id, channel_id, number, changed, sender, token_id, content, content_type, content_parts, reply, created_at, modified_at)
select id, channel_id, number, number, '$bot', '$token', '$content', 'text/plain', '[]', '{}', at, at
from head;
SQL
}

# as many posts as that over HTTP: curl keeps 16 connections busy
http() {
    shuf -r -n "$posts" <(head -n "$1" "$work/channels") | while read -r channel; do
        printf '%s\n' next "url = \"$SIGNET/api/v1/messages\"" "oauth2-bearer = \"$secret\"" 'output = "/dev/null"' \
            'header = "Content-Type: application/json"' 'write-out = "%{http_code}\n"' \
            "data = \"{\\\"channel\\\":\\\"$channel\\\",\\\"contentType\\\":\\\"text/plain\\\",\\\"content\\\":\\\"$content\\\"}\""
    done | tail -n +2 > "$work/requests"
    local begun answers
    begun=$(date +%s%N)
    answers=$(curl --no-progress-meter --parallel --parallel-immediate --parallel-max $callers -K "$work/requests" | sort | uniq -c)
    [[ $answers =~ ^\ *$posts\ 201$ ]] || { echo "not all were posted: $answers" >&2; exit 1; }
    echo $((posts * 1000000000 / ($(date +%s%N) - begun)))
}

pgb() {
    raw "$1" > "$work/raw.sql"
    pgbench -n -M prepared -c $callers -j 2 -t $((posts / callers)) -f "$work/raw.sql" "$DATABASE" 2> /dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p'
}
median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }

printf '%10s %12s %12s %8s\n' channels http_posts/s pgbench/s ratio
for spread in 1000 1; do
    http $spread > /dev/null
    for round in $(seq "$rounds"); do
        h=$(http $spread) p=$(pgb $spread)
        echo "$h $p $(awk -v h="$h" -v p="$p" 'BEGIN { printf "%.3f", h / p }')"
    done > "$work/rounds"
    printf '%10d %12d %12d %8.2f\n' $spread "$(cut -d' ' -f1 "$work/rounds" | median)" "$(cut -d' ' -f2 "$work/rounds" | median)" \
        "$(cut -d' ' -f3 "$work/rounds" | median)"
done
