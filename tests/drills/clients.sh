#!/usr/bin/env bash
# What others hold us to: linters on the published schema and operations, the audit of GraphQL over HTTP, and real
# clients against the running service. What each of them asks for stands in tests/clients.
#
# Usage: tests/drills/clients.sh PROGRAM
# Needs node 18 or later with npm and its registry; for the client in Rust also cargo.

set -euo pipefail

source "$(dirname "$0")/support.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
# Built beside the program, so that a second run finds it.
client=$(realpath -m "${CARGO_TARGET_DIR:-$root/target}")/clients

for needed in node npm curl; do
    if ! command -v "$needed" >/dev/null; then
        echo "skipped: $needed is not installed"
        exit 0
    fi
done

make_work clients
data=$work/data
service=
touch "$work/serve.log" "$work/out"

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

# Runs what says by itself what holds.
check() {
    local what=$1
    shift
    "$@" >"$work/out" 2>&1 || fail "$what"
    grep '^ok: \|^notice ' "$work/out" || fail "$what: it checked nothing"
}

# Runs what is silent when it finds nothing.
clean() {
    local what=$1
    shift
    "$@" >"$work/out" 2>&1 || fail "$what"
    echo "ok: $what"
}

# Each of these takes paths from the folder that it is started in.
in_folder() { (cd "$1" && "${@:2}"); }

start_service() {
    local deadline=$((SECONDS + 60))
    (
        cd "$work"
        exec env -u DATABASE_URL -u CONFIG_FILE -u DIRECTORY_DATE -u LOG_FORMAT RUST_LOG=warn \
            BIND=127.0.0.1:0 DATA_DIR="$data" "$program" serve
    ) >"$work/serve.log" 2>&1 &
    service=$!
    until address=$(sed -n 's#.*answers at \(http://[^/]*\)/graphql.*#\1#p' "$work/serve.log" | head -n 1) &&
        [[ -n $address ]] && curl -sf "$address/health/ready" >/dev/null; do
        ((SECONDS < deadline)) || fail "the service answers within 60 s"
        kill -0 "$service" 2>/dev/null || fail "the service runs"
        sleep 0.1
    done
    endpoint=$address/graphql
}

# A copy, laid out as the checkout is: nothing is written there.
mkdir "$work/tests"
cp -r "$root/graphql" "$work/graphql"
cp -r "$root/tests/clients" "$work/tests/clients"
cd "$work/tests/clients"

start_service
curl -sf "$address/schema.graphql" | cmp -s - "$work/graphql/schema.graphql" || fail "the published schema is that of the program"

# No package runs a script of its own on this machine.
clean "the pinned packages are installed" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
export PATH=$work/tests/clients/node_modules/.bin:$PATH
check "licences" node licences.mjs

check "GraphQL over HTTP" node audit.mjs "$endpoint"

# Every rule but those that ask for the order of the alphabet: members stand in the order in which they are read.
clean "graphql-schema-linter finds nothing in the schema" graphql-schema-linter --except \
    enum-values-sorted-alphabetically,input-object-fields-sorted-alphabetically,interface-fields-sorted-alphabetically,type-fields-sorted-alphabetically \
    ../../graphql/schema.graphql
clean "eslint finds nothing in the schema and the operations" in_folder ../../graphql \
    eslint --max-warnings 0 --config ../tests/clients/eslint.config.mjs .

check "Apollo Client" node apollo.mjs "$endpoint"
check "urql" node urql.mjs "$endpoint"

# By its path: graphql-codegen brings an old compiler, which takes the same short name.
clean "the Relay compiler takes schema, fragments and queries" in_folder relay \
    node ../node_modules/relay-compiler/cli.js relay.config.json
check "Relay" node relay/check.mjs "$endpoint"

clean "graphql-codegen takes schema and operations" in_folder codegen graphql-codegen --config codegen.yml
clean "what graphql-codegen makes compiles under the strictest settings" tsc --project codegen
check "graphql-codegen" node codegen/check.mjs "$endpoint"

if command -v cargo >/dev/null; then
    clean "graphql_client takes schema and operations" cargo build --quiet --locked --target-dir "$client" \
        --manifest-path "$root/tests/clients/rust/Cargo.toml"
    check "graphql_client" "$client/debug/probation-directory-client" "$endpoint"
else
    echo "skipped: cargo is not installed (graphql_client)"
fi
