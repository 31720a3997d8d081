#!/bin/sh
# The whole system in one command: secrets, images, every part, and the sample district's year.
# Ends with the year's figures; 0 where they agree. What it started goes on: docker compose down.
set -eu
cd "$(dirname "$0")/../.."
sh deploy/compose/secrets.sh
docker compose up --detach --build "$@"
docker compose logs --follow --no-log-prefix play
test "$(docker inspect --format '{{.State.ExitCode}}' "$(docker compose ps --all --quiet play)")" = 0
