#!/usr/bin/env bash
# What the service answers under load, beside fixed bytes and beside other GraphQL servers with the same data: builds
# all of it, installs the pinned packages of benches/peers, and runs benches/load.rs, which prints the figures.
#
# Usage: benches/load.sh [--rounds N] [--seconds S] [--spin] [--without-peers] [route|locate-again|locate-anew|areas]...
# Needs two cores to itself for figures that mean much. The other servers need npm and its registry, and are skipped
# where there is no node. Everything else is in a temporary folder, which is removed however this ends.

set -euo pipefail

cd "$(dirname "$0")/.."
arguments=("$@")

work=$(mktemp -d /tmp/probation-directory-load.XXXXXX)
# The account of the private PostgreSQL has to pass through.
chmod 755 "$work"
bench=

wait_for_keepers() {
    local lock _
    for lock in "$work"/*/data/keeper.lock; do
        [[ -e $lock ]] || continue
        for _ in $(seq 300); do
            flock --nonblock "$lock" true && break
            sleep 0.1
        done
    done
}

clean_up() {
    if [[ -n $bench ]]; then
        # The bench and every server that it started: they are one group.
        kill -TERM -- "-$bench" 2>/dev/null || true
        wait "$bench" 2>/dev/null || true
    fi
    wait_for_keepers
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

has_peers=true
for argument in "$@"; do
    [[ $argument != --without-peers ]] || has_peers=false
done
if $has_peers && ! { command -v node && command -v npm; } >/dev/null; then
    echo "node or npm is not installed: the other GraphQL servers are skipped"
    has_peers=false
    arguments+=(--without-peers)
fi
if $has_peers; then
    # No package runs a script of its own on this machine.
    (cd benches/peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
fi

cargo build --release
cargo bench --bench load --no-run

# In a group of its own, so that it can be stopped whole.
set -m
TMPDIR=$work cargo bench --quiet --bench load -- "${arguments[@]}" &
bench=$!
set +m
wait "$bench"
