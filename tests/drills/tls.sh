#!/usr/bin/env bash
# `sslmode` means what it says: against a server that takes encrypted connections only, with a certificate for localhost.
#
# Usage: tests/drills/tls.sh PROGRAM
# Needs PostgreSQL's programs and openssl (fetched by apt-get where root lacks it).

set -euo pipefail

source "$(dirname "$0")/support.sh"

shopt -s nullglob
bin=
for candidate in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin; do
    # The newest version is the last but for 9.6 and its like, which are too old anyway.
    if [[ -x $candidate/postgres && -x $candidate/initdb && -x $candidate/pg_ctl ]]; then bin=$candidate; fi
done
if [[ -z $bin ]] && command -v initdb >/dev/null; then bin=$(dirname "$(realpath "$(command -v initdb)")"); fi
if [[ -z $bin ]]; then
    echo "skipped: PostgreSQL is not installed"
    exit 0
fi
if ! command -v openssl >/dev/null; then
    if [[ $(id -u) -ne 0 ]]; then
        echo "skipped: openssl is not installed"
        exit 0
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openssl >/dev/null
fi

make_work tls
data=$work/data
cd "$work"
touch err

# PostgreSQL does not run as root.
as_server() {
    if [[ $(id -u) -eq 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi
}

clean_up() {
    if [[ -e $data/postmaster.pid ]]; then
        as_server "$bin/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    cd /
    rm -rf "$work"
}
trap clean_up EXIT

# An authority, and another that signed nothing here.
authority() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$2" -keyout "$1.key" -out "$1.pem" \
        -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' 2>openssl.log \
        || { cat openssl.log >&2; fail "openssl made no authority"; }
}
authority ca 'Drill authority'
authority other 'Another authority'
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr 2>openssl.log
printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' >server.ext
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext \
    -out server.pem 2>openssl.log || { cat openssl.log >&2; fail "openssl made no certificate"; }

install -d -m 700 "$data"
if [[ $(id -u) -eq 0 ]]; then chown postgres "$data"; fi
as_server "$bin/initdb" -D "$data" -U postgres -A reject -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 \
    || { cat initdb.log >&2; fail "initdb"; }
install -m 600 server.key server.pem "$data"
# Encrypted connections from this machine, and nothing else.
printf 'hostssl all all 127.0.0.1/32 trust\n' >"$data/pg_hba.conf"
if [[ $(id -u) -eq 0 ]]; then chown postgres "$data"/server.{key,pem} "$data/pg_hba.conf"; fi

start() {
    local settings="-c listen_addresses=127.0.0.1 -c port=$1 -c unix_socket_directories= -c fsync=off"
    settings+=" -c ssl=on -c ssl_cert_file=server.pem -c ssl_key_file=server.key"
    as_server "$bin/pg_ctl" -D "$data" -w -t 30 -l "$data/log" -o "$settings" start >start.log 2>&1
}
port=
for _ in 1 2 3 4 5; do
    candidate=$((20000 + RANDOM % 12000))
    if start "$candidate"; then
        port=$candidate
        break
    fi
done
[[ -n $port ]] || { cat start.log "$data/log" >&2; fail "the throw-away server did not start"; }

# Runs a command of the program: with HOST, the parameters of the URL, and the command.
against() {
    local host=$1 parameters=$2
    shift 2
    env -u PG_BIN_DIR -u PG_SOURCE -u CONFIG_FILE -u DATA_DIR -u BIND -u LOG_FORMAT -u RUST_LOG \
        DATABASE_URL="postgresql://postgres@$host:$port/postgres?$parameters" "$program" "$@" >out 2>err
}

succeeds() {
    against "$1" "$2" check || fail "$3"
    echo "ok: $3"
}

# With a pattern for the reason: a failure for another reason proves nothing.
fails() {
    if against "$1" "$2" check; then fail "$4: it succeeded"; fi
    grep -qiE "$3" err || fail "$4: it failed for another reason"
    echo "ok: $4"
}

against localhost sslmode=require migrate || fail "migrate"
against localhost sslmode=require seed || fail "seed"
echo "ok: migrate and seed over an encrypted connection"

succeeds localhost sslmode=require "require connects without checking who it is"
succeeds localhost sslmode=prefer "prefer connects, encrypted since the server can"
succeeds localhost "sslmode=verify-full&sslrootcert=$work/ca.pem" "verify-full connects to the host that the certificate names"
succeeds 127.0.0.1 "sslmode=verify-ca&sslrootcert=$work/ca.pem" "verify-ca does not mind the host"
fails 127.0.0.1 "sslmode=verify-full&sslrootcert=$work/ca.pem" 'certificate' "verify-full refuses a host that the certificate does not name"
fails localhost "sslmode=verify-ca&sslrootcert=$work/other.pem" 'certificate' "verify-ca refuses a certificate of another authority"
fails localhost "sslmode=require&sslrootcert=$work/other.pem" 'certificate' "require checks the authority where one is named"
fails localhost sslmode=verify-full 'certificate' "verify-full refuses an authority that the system does not know"
fails localhost sslmode=disable 'pg_hba|encrypt' "disable does not encrypt, so the server refuses it"
fails localhost "sslmode=verify-full&sslrootcert=$work/absent.pem" 'absent.pem' "a root certificate that is not there is named"
