#!/usr/bin/env bash
# An ordinary user who has nothing but a home gets a private server of his own, and leaves nothing behind.
#
# Usage: tests/drills/ordinary_user.sh PROGRAM
# Needs root, to make the account; without it the drill is skipped.

set -euo pipefail

source "$(dirname "$0")/support.sh"
if [[ $(id -u) -ne 0 ]]; then
    echo "skipped: not root"
    exit 0
fi

account=pd-drill-$$
make_work user
# The account may not be able to enter the folder that the program was built in.
install -m 755 "$program" "$work/probation-directory"
home=$work/home
data=$home/.local/share/probation-directory
cd "$work"

clean_up() {
    if getent passwd "$account" >/dev/null; then
        # Whatever still runs under the account was started by this drill.
        wait_for_keeper "$data" || pkill -KILL -u "$account" || true
        userdel "$account" || true
    fi
    cd /
    rm -rf "$work"
}
trap clean_up EXIT

useradd --create-home --home-dir "$home" --shell /bin/sh "$account"

# Runs the program as the account, in its home, with an environment of its own.
as_user() {
    runuser -u "$account" -- env -i HOME="$home" PATH=/usr/local/bin:/usr/bin:/bin \
        sh -c 'cd "$HOME" && exec "$@"' sh "$work/probation-directory" "$@" >"$work/out" 2>"$work/err"
}

as_user check || fail "check as an ordinary user"
grep -q '^ok ' "$work/out" || fail "check printed no invariant"
echo "ok: check succeeds as an ordinary user"

[[ -d $data ]] || fail "the data is not below the user's home"
[[ $(stat -c %a "$data") == 700 ]] || fail "the folder of the data is open to others"
foreign=$(find "$data" ! -user "$account" -print -quit)
[[ -z $foreign ]] || fail "$foreign belongs to somebody else"
echo "ok: everything lies in the user's home, belongs to the user and is closed to others"

wait_for_keeper "$data"
# The keeper gives its lock back a moment before it is gone.
for _ in $(seq 50); do
    pgrep -u "$account" >/dev/null || break
    sleep 0.1
done
left=$(ps -u "$account" -o pid=,args= || true)
[[ -z $left ]] || fail "something still runs under the account: $left"
echo "ok: nothing keeps running when the last user has ended"

as_user locate Sefton --on 2014-05-01 || fail "locate as an ordinary user"
grep -q 'Merseyside' "$work/out" || fail "locate does not name Merseyside"
echo "ok: a second start answers from the data of the first"

wait_for_keeper "$data"
as_user reset --yes || fail "reset as an ordinary user"
[[ -z $(find "$data" -maxdepth 1 -name 'pg[0-9]*' -print -quit) ]] || fail "reset left data"
echo "ok: reset removes the data"
