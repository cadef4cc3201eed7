# What drills share: the program that they are run with, a folder of their own, the wait for a private server to end, and
# how they fail. Each sources it with its own arguments; what is cleaned up in the end is left to each.
# shellcheck shell=bash

[[ $# -eq 1 && -x $1 ]] || { echo "usage: $0 PROGRAM" >&2; exit 2; }
program=$(realpath "$1")

# Makes a folder for the drill of this name. The server's account has to pass through.
make_work() {
    work=$(mktemp -d "/tmp/probation-directory-$1.XXXXXX")
    chmod 755 "$work"
}

# The keeper ends its server and itself once the last user has ended.
wait_for_keeper() {
    local _
    [[ -e $1/keeper.lock ]] || return 0
    for _ in $(seq 300); do
        flock --nonblock "$1/keeper.lock" true && return 0
        sleep 0.1
    done
    echo "the private server in $1 did not end within 30 seconds" >&2
    return 1
}

# Says what did not hold, and what the program said last. Drills that have more to show fail in a way of their own.
fail() {
    echo "FAILED: $1" >&2
    sed 's/^/    /' "$work/err" >&2
    exit 1
}
