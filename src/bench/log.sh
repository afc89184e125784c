#!/usr/bin/env bash
# What a page of the audit log costs at any depth, and how its filters and its search run, in a company with a long history.
#
#   SIGNET=http://localhost:8080 ADMIN=<access token> DATABASE=postgresql://user:password@host:port/signet src/bench/log.sh [rows]
#
# Fills the log of the caller's company up to that many rows (default 100000) by SQL, then times pages as lists.sh does and
# shows the plans of the questions that an auditor asks. Needs curl, jq and psql. The rows stay: the log is append-only.
set -euo pipefail

rows=${1:-100000}
: "${SIGNET:?}" "${ADMIN:?}" "${DATABASE:?}"

source "$(dirname "$0")/depth.sh"
me=$(get users/me)
company=$(jq -r .data.company._id <<< "$me")
admin=$(jq -r .data._id <<< "$me")

# one edit of a thousand things a minute, now and then a refusal, rarely a revocation
psql -qX "$DATABASE" -v ON_ERROR_STOP=1 <<SQL
with made as (
    insert into audit_logs (id, company_id, event, model, item, actor, address, at, trace_id, changes, route, minute, count, search)
    select lpad(to_hex(1000000000 + n), 8, '0') || substr(md5('$company l' || n), 1, 16), '$company', event, model, item, '$admin',
           '203.0.113.7', at, md5('$company trace' || n), '{"/name": {"previous": "A", "changedTo": "B"}}',
           case event when 'deny' then 'GET /api/v2/apitokens' end, case event when 'deny' then at end,
           case event when 'deny' then 5 else 1 end,
           lower(concat_ws(' ', event, model, item, '203.0.113.7')) || ' ' || search
    from (select n, now() - n * interval '1 minute' as at,
                 case when n % 10007 = 0 then 'revoke' when n % 100 = 0 then 'deny' else 'modify' end as event,
                 case when n % 100 = 0 then 'Route' else 'ApiToken' end as model,
                 case when n % 100 = 0 then null else substr(md5('item' || n % 1000), 1, 24) end as item
          from generate_series((select count(*) + 1 from audit_logs where company_id = '$company'), $rows) n) wanted
    cross join (select search from users where id = '$admin') actor
    returning id, count)
insert into audit_refusal_traces (log_id, number, trace_id)
select id, number, md5(id || number) from made cross join lateral generate_series(2, count) number;
vacuum analyze audit_logs;
vacuum analyze audit_refusal_traces;
SQL

depth auditlogs "$rows"

explain() {
    echo
    echo "$1:"
    psql -qXAt "$DATABASE" -c "explain (analyze, buffers, costs off, timing off)
      select t.*, u.email, u.display_name
      from (select l.*, l.at as created_at, l.at as modified_at from audit_logs l) t left join users u on u.id = t.actor
      where t.company_id = '$company' and $2
      order by t.modified_at desc, t.id desc limit 11"
}
some=$(psql -qXAt "$DATABASE" -c "select trace_id from audit_refusal_traces limit 1")
item=$(psql -qXAt "$DATABASE" -c "select substr(md5('item7'), 1, 24)")
explain "The first page" "true"
explain "A page far down" "(t.modified_at, t.id) < (now() - interval '$((rows * 9 / 10)) minutes', 'f')"
explain "A thing's history" "t.item = '$item'"
explain "A rare event" "t.event in ('revoke')"
explain "A kind of thing" "t.model in ('Route')"
explain "The doing of somebody who did nothing" "t.actor in ('ffffffffffffffffffffffff')"
explain "The administrator's doing" "t.actor in ('$admin')"
explain "A refusal's trace id" "(t.trace_id = '$some'
    or t.id = any (array(select r.log_id from audit_refusal_traces r where r.trace_id = '$some')))"
explain "A search that few rows match" "t.search like '%revoke%'"
