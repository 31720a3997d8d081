#!/usr/bin/env bash
# As postgres: root hands its folder over; an empty one gets a cluster, an account, a database.
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
    password="$(cat "$POSTGRES_PASSWORD_FILE")"
    export POSTGRES_PASSWORD="$password"
    mkdir -p "$PGDATA"
    chown -R postgres:postgres /var/lib/postgresql
    exec setpriv --reuid=postgres --regid=postgres --clear-groups bash "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --pgdata="$PGDATA" > /dev/null
    printf 'host all all all scram-sha-256\n' >> "$PGDATA/pg_hba.conf"
    pg_ctl --silent --wait --pgdata="$PGDATA" --options="-c listen_addresses='' -c unix_socket_directories=/tmp" start
    createdb --host=/tmp --username="$POSTGRES_USER" "$POSTGRES_DB" 2> /dev/null || true
    pg_ctl --silent --wait --pgdata="$PGDATA" stop
fi
unset POSTGRES_PASSWORD
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/tmp
