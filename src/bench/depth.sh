# What a page of a list costs at any depth: sourced by the benchmarks of lists. Needs SIGNET, ADMIN, curl and jq.

get() { curl -sf "$SIGNET/api/v2/$1" -H "Authorization: Bearer $ADMIN"; }
median() { tr ' ' '\n' <<< "$1" | sed '/^$/d' | sort -n | sed -n 11p; }

# depth <list> <rows>: times the first page and pages deeper down by cursor in turn, 21 rounds; the table gives medians and
# their ratio to the first page.
depth() {
    local list=$1 rows=$2 cursor= position=0 at round first m
    local depths=(0 $((rows / 4)) $((rows / 2)) $((rows * 9 / 10)))
    declare -A cursors times
    # the cursors before these depths, by walking there
    for at in "${depths[@]}"; do
        while ((position < at)); do
            cursor=$(get "$list?limit=100&cursor=$cursor" | jq -r .data.nextCursor)
            position=$((position + 100))
        done
        cursors[$at]=$cursor
    done
    for round in $(seq 21); do
        for at in "${depths[@]}"; do
            times[$at]+="$(curl -sf -o /dev/null -w '%{time_total}\n' "$SIGNET/api/v2/$list?limit=100&cursor=${cursors[$at]}" \
                -H "Authorization: Bearer $ADMIN") "
        done
    done
    first=$(median "${times[0]}")
    printf '%10s %12s %8s\n' depth median_ms ratio
    for at in "${depths[@]}"; do
        m=$(median "${times[$at]}")
        awk -v d="$at" -v m="$m" -v f="$first" 'BEGIN { printf "%10d %12.2f %8.2f\n", d, m * 1000, m / f }'
    done
}
