#!/usr/bin/env bash
# What writing down last uses costs the database, under 1,000 requests a second of 200 tokens.
#
#   SIGNET=http://localhost:8080 ADMIN=<access token> DATABASE=postgresql://user:password@host:port/signet src/bench/uses.sh [seconds]
#
# The server needs pg_stat_statements in shared_preload_libraries. Prints each statement that ran meanwhile, how often, and
# how many rows it wrote: last uses are one statement a flush (every 5 s), and none stands on a request's path.
# Needs curl, jq, psql and a JDK 25.
set -euo pipefail

seconds=${1:-30}
: "${SIGNET:?}" "${ADMIN:?}" "${DATABASE:?}"

here=$(dirname "$0")
secrets=$(mktemp)
trap 'rm -f "$secrets"' EXIT
post() { curl -sf "$SIGNET/api/v2/$1" -H "Authorization: Bearer $ADMIN" -H 'Content-Type: application/json' -d "$2"; }

role=$(post accessroles '{"name": "Bench", "permissions": ["messages-read"]}' | jq -r .data._id)
run=$(date +%s)
for n in $(seq 200); do
    post apitokens "{\"name\": \"Bench $n\", \"code\": \"bench_${run}_$n\", \"userBotName\": \"Bench $n\", \"accessRoles\": [\"$role\"]}" \
        | jq -r .data.token
done > "$secrets"

psql -qX "$DATABASE" -c 'create extension if not exists pg_stat_statements' -c 'select pg_stat_statements_reset()' > /dev/null
"${JAVA:-java}" "$here/Load.java" "$SIGNET/api/v2/apitokens/self" "$secrets" 1000 "$seconds"
sleep 6 # the last flush
psql -qX "$DATABASE" -c "
    select calls, rows, round(mean_exec_time::numeric, 3) as mean_ms, left(regexp_replace(query, '\s+', ' ', 'g'), 70) as statement
    from pg_stat_statements s join pg_database d on d.oid = s.dbid
    where d.datname = current_database() and query !~* 'pg_stat_statements' and query !~* '^(begin|commit|set|show)'
    order by calls desc limit 8"
