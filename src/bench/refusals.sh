#!/usr/bin/env bash
# How the audit log grows under one refusal a second, for the same reason and for another one each time, projected to a day.
#
#   SIGNET=http://localhost:8080 ADMIN=<access token> DATABASE=postgresql://user:password@host:port/signet src/bench/refusals.sh
#
# A token is refused once a second during one minute of the clock. What that minute left in the log is copied to the minutes of a
# day, and the table says by how much rows and bytes grew, indexes included. Needs curl, jq and psql. The rows stay: the log is
# append-only.
set -euo pipefail

: "${SIGNET:?}" "${ADMIN:?}" "${DATABASE:?}"

minutes=1440

api() { curl -sf "$SIGNET/api/v2/$1" -H "Authorization: Bearer $ADMIN" -H 'Content-Type: application/json' -d "$2"; }
sql() { psql -qXAt "$DATABASE" -v ON_ERROR_STOP=1 -F ' ' -c "$1"; }
bytes() { sql "select pg_total_relation_size('audit_logs') + pg_total_relation_size('audit_refusal_traces')"; }

# so that the search's index has taken in what waits for it
vacuum() {
    sql 'vacuum audit_logs'
    sql 'vacuum audit_refusal_traces'
}

# refuse <secret> <permission>
refuse() {
    local status
    status=$(curl -s -o /dev/null -w '%{http_code}' "$SIGNET/api/v2/accessroles" -H "Authorization: Bearer $1" \
        -H 'Content-Type: application/json' -d "{\"name\": \"Too much\", \"permissions\": [\"$2\"]}")
    [[ $status == 403 ]] || echo "not refused: $status" >&2
}

measure() {
    local made token secret second before after rows
    made=$(api apitokens "{\"name\": \"Bench\", \"code\": \"bench_$(date +%s)\", \"userBotName\": \"Bench\", \"accessRoles\": [\"$role\"]}")
    token=$(jq -r .data._id <<< "$made")
    secret=$(jq -r .data.token <<< "$made")
    sleep $((60 - 10#$(date +%S)))
    for second in $(seq 0 59); do
        while ((10#$(date +%S) < second)); do sleep 0.05; done
        refuse "$secret" "$([[ $1 == same ]] && echo '*' || echo "made-up-$second")"
    done
    rows=$(sql "select count(*) from audit_logs where token = '$token'")
    rows="$rows + $(sql "select count(*) from audit_refusal_traces where log_id in (select id from audit_logs where token = '$token')")"
    vacuum
    before=$(bytes)
    sql "
        with minute as (select l, n, lpad(to_hex(extract(epoch from at + n * interval '1 minute')::bigint), 8, '0')
                                     || substr(md5(id || n), 1, 16) as new_id
                        from audit_logs l, generate_series(1, $minutes) n where token = '$token'),
        copied as (
            insert into audit_logs (id, company_id, event, model, item, actor, token, address, at, trace_id, changes, route, minute, count,
                                    search)
            select new_id, (l).company_id, (l).event, (l).model, (l).item, (l).actor, (l).token, (l).address,
                   (l).at + n * interval '1 minute', md5((l).trace_id || n), (l).changes, (l).route,
                   (l).minute + n * interval '1 minute', (l).count, (l).search
            from minute order by new_id)
        insert into audit_refusal_traces (log_id, number, trace_id)
        select new_id, number, md5(trace_id || n) from minute join audit_refusal_traces on log_id = (l).id order by new_id"
    vacuum
    after=$(bytes)
    printf '%-10s %15s %12d %12.1f\n' "$1" "$rows" $(((rows) * minutes)) "$(((after - before) / 100000))e-1"
}

role=$(api accessroles '{"name": "Bench", "permissions": ["admin-accesscontrol-write"]}' | jq -r .data._id)
printf '%-10s %15s %12s %12s\n' reason 'rows + traces' rows/day MB/day
measure same
measure different
