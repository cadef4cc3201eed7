#!/usr/bin/env bash
# How many changes a second a service makes, how long one takes, and how soon another process serves it: over HTTP, on a
# private PostgreSQL of its own, as whoever runs the program would see it.
#
# Usage: benches/writes.sh [PROGRAM [SECONDS]]
# Builds the program with optimisations where none is named. Needs python3. Figures depend on the machine.

set -euo pipefail

cd "$(dirname "$0")/.."
program=${1:-}
if [[ -z $program ]]; then
    cargo build --release
    program=${CARGO_TARGET_DIR:-target}/release/probation-directory
fi
seconds=${2:-10}
# shellcheck source=tests/drills/support.sh
source tests/drills/support.sh "$program"
make_work writes
export DATA_DIR="$work/data" BIND=127.0.0.1:0 POLL_SECONDS=300 EXAMPLES=none
services=()

clean_up() {
    local service
    for service in "${services[@]}"; do kill -INT "$service" 2>/dev/null || true; done
    [[ ! -d $DATA_DIR ]] || wait_for_keeper "$DATA_DIR" || true
    rm -rf "$work"
}
trap clean_up EXIT

# Starts a service and sets `address` to where it answers.
start() {
    "$program" serve >"$work/err" 2>&1 &
    services+=($!)
    local _
    for _ in $(seq 600); do
        if grep -q 'answers at http://' "$work/err"; then
            address=$(sed -n 's#.*answers at \(http://[^/]*\)/graphql#\1#p' "$work/err" | head -n 1)
            return
        fi
        sleep 0.1
    done
    fail "the service answers within a minute"
}

start
first=$address
start
API_KEY=$("$program" key issue --label "a measurement" --role national-administrator 2>>"$work/err")
export API_KEY
python3 tests/drills/writes.py measure "$first" "$address" 1 "$seconds" 1
python3 tests/drills/writes.py measure "$first" "$address" 2 "$seconds" 8
