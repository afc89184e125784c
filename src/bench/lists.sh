#!/usr/bin/env bash
# What a list page costs at any depth, and how a search runs, in a company of many tokens.
#
#   SIGNET=http://localhost:8080 ADMIN=<access token> DATABASE=postgresql://user:password@host:port/signet src/bench/lists.sh [tokens]
#
# Fills the caller's company up to that many tokens (default 100000) by SQL, then times the first page and pages deeper
# down by cursor in turn, 21 rounds; the table gives medians and their ratio to the first page. Needs curl, jq and psql.
set -euo pipefail

tokens=${1:-100000}
: "${SIGNET:?}" "${ADMIN:?}" "${DATABASE:?}"

source "$(dirname "$0")/depth.sh"
me=$(get users/me)
company=$(jq -r .data.company._id <<< "$me")
admin=$(jq -r .data._id <<< "$me")

psql -qX "$DATABASE" -v ON_ERROR_STOP=1 <<SQL
create temp table made as
select lpad(to_hex(1000000000 + n), 8, '0') || substr(md5('$company u' || n), 1, 16) as user_id,
       lpad(to_hex(1000000000 + n), 8, '0') || substr(md5('$company t' || n), 1, 16) as token_id,
       n, now() - n * interval '1 second' as at
from generate_series((select count(*) + 1 from api_tokens where company_id = '$company'), $tokens) n;
insert into users (id, company_id, is_bot, email, names, last_name, second_last_name, display_name, access_roles, is_active, search,
                   version, created_at, modified_at)
select user_id, '$company', true, user_id || '@bot.invalid', 'Bot ' || n, '', '', 'Bot ' || n, '{}', true, 'bot ' || n, 0, at, at from made;
insert into api_tokens (id, company_id, user_id, name, code, is_active, search, version, created_by, created_at, modified_by, modified_at)
select token_id, '$company', user_id, 'Token ' || n, 'bench_' || n, true, 'token ' || md5(n::text) || ' bench_' || n, 0, '$admin', at,
       '$admin', at
from made;
insert into api_token_secrets (public_id, token_id, digest, key_id, created_at)
select substr(md5('p' || token_id), 1, 12), token_id, '\x00', key_id, at from made, (select key_id from api_token_secrets limit 1) k;
vacuum analyze users;
vacuum analyze api_tokens;
vacuum analyze api_token_secrets;
SQL

depth apitokens "$tokens"

echo
echo "A search that few tokens match:"
psql -qXAt "$DATABASE" -c "explain (analyze, costs off, timing off)
  select t.id from api_tokens t join users u on u.id = t.user_id
  where t.company_id = '$company' and t.search like '%bench_777%' order by t.modified_at desc, t.id desc limit 11"
