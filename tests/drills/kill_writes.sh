#!/usr/bin/env bash
# Kills the service, or every process of its PostgreSQL, with SIGKILL in the middle of changes, and asks for each of them
# again: what was acknowledged is there, what is in doubt is there once when its key is used again.
#
# The same with a server that acknowledges before anything is safe must lose some: else this would not notice a loss.
#
# Usage: tests/drills/kill_writes.sh PROGRAM [ROUNDS]
# Needs python3, and psql for the second part.

set -euo pipefail

source "$(dirname "$0")/support.sh" "${@:1:1}"
drills=$(cd "$(dirname "$0")" && pwd)
rounds=${2:-5}
make_work kill_writes
export BIND=127.0.0.1:0 POLL_SECONDS=1 EXAMPLES=none
service='' load=''

no_server() { ! pgrep -f "postgres -D $DATA_DIR" >/dev/null; }

clean_up() {
    local process
    for process in "$load" "$service"; do
        [[ -z $process ]] || kill -9 "$process" 2>/dev/null || true
    done
    local folder
    for folder in "$work"/data-*; do
        [[ ! -d $folder ]] || wait_for_keeper "$folder" || true
    done
    rm -rf "$work"
}
trap clean_up EXIT

fail() {
    echo "FAILED: $*" >&2
    tail -n 20 "$work/serve.log" "$work/load.log" >&2 || true
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
    until_true 60 "the service answers" grep -q 'answers at http://' "$work/serve.log"
    address=$(sed -n 's#.*answers at \(http://[^/]*\)/graphql#\1#p' "$work/serve.log" | head -n 1)
    until_true 20 "the service is ready" curl -sf "$address/health/ready"
}

# A service on a folder of its own, with a key for whoever changes everything.
start_anew() {
    export DATA_DIR="$work/data-$1"
    start_service
    API_KEY=$("$program" key issue --label "a drill" --role national-administrator 2>"$work/err")
    export API_KEY
}

stop() {
    kill -INT "$service"
    wait "$service" || fail "the service stops cleanly on SIGINT"
    service=
    until_true 30 "PostgreSQL stops after its last user" no_server
}

postmaster() { head -n 1 "$DATA_DIR"/pg*/postmaster.pid; }

kill_server() {
    local pid
    pid=$(postmaster)
    # All at once: nothing that is not on disk yet gets there.
    # shellcheck disable=SC2046
    kill -9 "$pid" $(pgrep -P "$pid") 2>/dev/null || true
}

kill_service() {
    kill -9 "$service"
    wait "$service" 2>/dev/null || true
}

# Changes for a while, and a kill in their midst.
strike() {
    local round=$1 victim=$2
    python3 "$drills/writes.py" load "$address" "$work/told" "$round" 4 4 >"$work/load.log" 2>&1 &
    load=$!
    sleep "$((1 + RANDOM % 2)).$((RANDOM % 10))"
    "kill_$victim"
    if [[ $victim = service ]]; then
        wait "$load" || true
        start_service
    elif ! wait "$load"; then
        fail "changes while PostgreSQL was killed: $(cat "$work/load.log")"
    fi
    load=
    until_true 30 "writes are possible again after killing the $victim" curl -sf "$address/health/ready/write"
}

ask_again() { python3 "$drills/writes.py" ask "$address" "$work/told"; }

start_anew durable
: >"$work/told"
for round in $(seq "$rounds"); do
    victim=service
    ((round % 2)) || victim=server
    strike "$round" "$victim"
    ask_again >"$work/asked" 2>&1 || fail "round $round, the $victim killed: $(cat "$work/asked")"
    echo "ok: the $victim killed; $(cat "$work/load.log"); $(cat "$work/asked")"
done
if "$program" --help | grep -q '^  verify-audit '; then
    "$program" verify-audit >"$work/check.log" 2>&1 || fail "the chain after it all: $(cat "$work/check.log")"
else
    "$program" check >"$work/check.log" 2>&1 || fail "the chain after it all: $(cat "$work/check.log")"
fi
echo "ok: the chain of changes holds"
stop

if ! command -v psql >/dev/null; then
    echo "skipped: without psql the server cannot be told to acknowledge too early"
    exit 0
fi
start_anew hasty
: >"$work/told"
for setting in "synchronous_commit = off" "wal_writer_delay = 10000"; do
    psql -qX -h "$(sed -n 5p "$DATA_DIR"/pg*/postmaster.pid)" -U postgres directory -c "ALTER SYSTEM SET $setting" >"$work/err" 2>&1 ||
        fail "a setting of the server: $(cat "$work/err")"
done
psql -qX -h "$(sed -n 5p "$DATA_DIR"/pg*/postmaster.pid)" -U postgres directory -c "SELECT pg_reload_conf()" >"$work/err" 2>&1
for round in $(seq 20); do
    strike "$round" server
    # What the service has in memory is ahead of what its database has now.
    kill_service
    start_service
    outcome=0
    ask_again >"$work/asked" 2>&1 || outcome=$?
    if ((outcome == 3)); then
        echo "ok: without synchronous commits a loss is noticed in round $round: $(cat "$work/asked")"
        stop
        exit 0
    fi
    ((outcome == 0)) || fail "round $round without synchronous commits: $(cat "$work/asked")"
done
fail "a server that acknowledges before anything is safe lost nothing in 20 rounds, or the loss was not noticed"
