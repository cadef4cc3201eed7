#!/usr/bin/env bash
# Thousands of questions that Schemathesis makes from the published schema: none may make the service fail, and every
# answer has to be in time and in form. What is asked and looked at stands in schema_cases/cases.py.
#
# Usage: tests/drills/schema_cases.sh PROGRAM [CASES [SEED]]
# 5,000 cases from a fixed seed unless said otherwise. The seed is printed: it makes the same cases again.
# Needs python 3.11 or later with pip and its registry.

set -euo pipefail

cases=${2:-5000}
seed=${3:-20140601}
[[ $# -ge 1 && $# -le 3 && $cases =~ ^[1-9][0-9]*$ ]] || { echo "usage: $0 PROGRAM [CASES [SEED]]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)/schema_cases
source "$(dirname "$0")/support.sh" "$1"

for needed in python3 curl; do
    if ! command -v "$needed" >/dev/null; then
        echo "skipped: $needed is not installed"
        exit 0
    fi
done
if ! python3 -c 'import pip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "skipped: python3 is older than 3.11 or has no pip"
    exit 0
fi

make_work schema-cases
data=$work/data
service=
touch "$work/serve.log" "$work/out"
# No settings file of the place where the drill was started, and nothing left there.
cd "$work"

clean_up() {
    if [[ -n $service ]]; then
        kill -TERM "$service" 2>/dev/null || true
        wait "$service" || true
    fi
    wait_for_keeper "$data" || true
    cd /
    rm -rf "$work"
}
trap clean_up EXIT

fail() {
    echo "FAILED: $1" >&2
    sed 's/^/    /' "$work/out" >&2
    tail -n 20 "$work/serve.log" | sed 's/^/    service: /' >&2
    exit 1
}

start_service() {
    local deadline=$((SECONDS + 60))
    # One caller asks for all of it, and may.
    env -u DATABASE_URL -u CONFIG_FILE -u DIRECTORY_DATE -u LOG_FORMAT RUST_LOG=warn COST_PER_MINUTE=4000000000 \
        BIND=127.0.0.1:0 DATA_DIR="$data" "$program" serve >"$work/serve.log" 2>&1 &
    service=$!
    until address=$(sed -n 's#.*answers at \(http://[^/]*\)/graphql.*#\1#p' "$work/serve.log" | head -n 1) &&
        [[ -n $address ]] && curl -sf "$address/health/ready" >/dev/null; do
        ((SECONDS < deadline)) || fail "the service answers within 60 s"
        kill -0 "$service" 2>/dev/null || fail "the service runs"
        sleep 0.1
    done
}

# Wheels that are in the list, by their hashes, and nothing that would have to be built here.
install_packages() {
    python3 -m venv --without-pip "$work/venv" &&
        python3 -m pip --python "$work/venv/bin/python" --disable-pip-version-check install --quiet \
            --require-hashes --no-deps --only-binary :all: --requirement "$here/requirements.txt"
}

install_packages >"$work/out" 2>&1 || fail "the pinned packages are installed"
: >"$work/out"
start_service

# What is remembered between runs would make other cases.
env PYTHONHASHSEED=0 PYTHONUNBUFFERED=1 HYPOTHESIS_STORAGE_DIRECTORY="$work/hypothesis" \
    "$work/venv/bin/python" "$here/cases.py" "$address/graphql" "$cases" "$seed" ||
    fail "$cases cases from the seed $seed"

kill -0 "$service" 2>/dev/null || fail "the process that was started runs to the end"
[[ $(curl -s -o "$work/out" -w '%{http_code}' "$address/health/ready") == 200 ]] ||
    fail "the service is ready after it all"
if grep -q 'panic at' "$work/serve.log"; then fail "nothing panics"; fi
echo "ok: the process $service, which was started before them, is ready after them all, and nothing panicked"
