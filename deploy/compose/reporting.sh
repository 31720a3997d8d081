#!/bin/sh
# Gives the role of Grafana's lists its password.
set -eu
PGPASSWORD="$(cat /run/secrets/postgres-password)"
export PGPASSWORD
psql --quiet --host=postgres --username=motcua --dbname=motcua --set=ON_ERROR_STOP=1 \
    --set=password="$(cat /run/secrets/motcua-reporting-password)" <<'SQL'
ALTER ROLE motcua_reporting PASSWORD :'password';
SQL
