#!/usr/bin/env bash
# Brings what package.json of proto/ pins where it is not there yet: buf, and AsyncAPI's JSON schema.
set -euo pipefail
proto="$(cd "$(dirname "$0")/../proto" && pwd)"
if [[ ! -x "$proto/node_modules/.bin/buf" || ! -d "$proto/node_modules/@asyncapi/specs" ]]; then
  # Not `npm ci`: the lock holds, with hashes, the platforms that a registry offers, not always all.
  (cd "$proto" && npm install --no-save --ignore-scripts --no-fund --no-audit --loglevel=error)
fi
