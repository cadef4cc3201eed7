#!/usr/bin/env bash
# Kills the service, its PostgreSQL and its keeper with SIGKILL, over and over, while seeds are recorded, and looks
# for every acknowledged version afterwards. Reads must go on while PostgreSQL is away.
#
# Usage: tests/drills/kill.sh PROGRAM

set -euo pipefail

source "$(dirname "$0")/support.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
make_work kill
export DATA_DIR="$work/data" BIND=127.0.0.1:0 POLL_SECONDS=1
service=

no_server() { ! pgrep -f "postgres -D $DATA_DIR" >/dev/null; }

clean_up() {
    [[ -z $service ]] || kill -9 "$service" 2>/dev/null || true
    # The keeper stops the server when its last user is gone.
    local deadline=$((SECONDS + 20))
    until no_server || ((SECONDS >= deadline)); do sleep 0.1; done
    rm -rf "$work"
}
trap clean_up EXIT

fail() {
    echo "FAILED: $*" >&2
    tail -n 20 "$work/serve.log" >&2 || true
    exit 1
}

# Waits until a command succeeds; at most so many seconds.
until_true() {
    local seconds=$1 what=$2
    shift 2
    local deadline=$((SECONDS + seconds))
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || fail "$what within $seconds s"
        sleep 0.05
    done
}

start_service() {
    : >"$work/serve.log"
    "$program" serve >"$work/serve.log" 2>&1 &
    service=$!
    until_true 30 "the service answers" grep -q 'answers at http://' "$work/serve.log"
    address=$(sed -n 's#.*answers at \(http://[^/]*\)/graphql#\1#p' "$work/serve.log" | head -n 1)
    until_true 10 "the service is ready" curl -sf "$address/health/ready"
}

version() {
    curl -sf "$address/graphql" -H 'content-type: application/json' -d '{"query":"{ directory { version } }"}' |
        sed -n 's/.*"version":\([0-9]*\).*/\1/p'
}

# Records a new version by a seed with another note, and prints the version that was acknowledged.
record() {
    sed "2s/\$/ (round $1)/" "$root/seed/boards.csv" >"$work/seed/boards.csv"
    "$program" seed --dir "$work/seed" 2>/dev/null | sed -n 's/^Version \([0-9]*\):.*/\1/p'
}

at_least() { [[ $(version) -ge $1 ]]; }
server_pid() { head -n 1 "$DATA_DIR"/pg*/postmaster.pid; }
keeper_pid() { pgrep -f "keep-private-server .*$DATA_DIR"; }

mkdir "$work/seed"
cp "$root"/seed/*.csv "$work/seed/"
start_service
acknowledged=$(version)
[[ $acknowledged -ge 1 ]] || fail "a first version"

round=0
for victim in service server keeper service keeper server all; do
    round=$((round + 1))
    acknowledged=$(record "$round")
    [[ -n $acknowledged ]] || fail "round $round: the seed was not acknowledged"
    case $victim in
        service)
            kill -9 "$service"
            wait "$service" 2>/dev/null || true
            start_service
            ;;
        server)
            kill -9 "$(server_pid)"
            [[ $(version) -ge 1 ]] || fail "reads while PostgreSQL is away"
            ;;
        keeper)
            kill -9 "$(keeper_pid)"
            [[ $(version) -ge 1 ]] || fail "reads while the keeper is away"
            ;;
        all)
            kill -9 "$service" "$(keeper_pid)" "$(server_pid)"
            wait "$service" 2>/dev/null || true
            start_service
            ;;
    esac
    until_true 20 "round $round: writes are possible again after killing the $victim" curl -sf "$address/health/ready/write"
    until_true 20 "round $round: version $acknowledged is served after killing the $victim" at_least "$acknowledged"
    echo "ok: version $acknowledged survived kill -9 of the $victim"
done

DATA_DIR=$DATA_DIR "$program" check >"$work/check.log" 2>/dev/null || fail "the map and the chain after it all: $(cat "$work/check.log")"
echo "ok: the chain of changes holds up to version $acknowledged"

kill -INT "$service"
wait "$service" || fail "the service stops cleanly on SIGINT"
service=
until_true 20 "PostgreSQL stops after its last user" no_server
echo "ok: stopped in order"
