#!/bin/sh
# Makes the secrets of docker-compose.yml where they are missing: deploy/compose/secrets/*.
# The folder is its owner's only. The files in it are readable to whoever a container hands them to,
# because the accounts in containers are not those of this machine.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
make() {
    if [ ! -s "secrets/$1" ]; then
        printf '%s' "$2" > "secrets/$1"
        chmod 444 "secrets/$1"
    fi
}
make postgres-password "$(random)"
make reporting-password "$(random)"
make grafana-password "$(random)"
make database-url "postgresql://motcua:$(cat secrets/postgres-password)@postgres:5432/motcua"
