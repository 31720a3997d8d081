#!/usr/bin/env bash
# Lints the schemas and refuses a change that breaks what has been promised.
# Usage: scripts/check_proto.sh [AGAINST]     a folder or image (default: proto/promised.binpb)
#        scripts/check_proto.sh --promise     make the schemas as they are the promise
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
buf="$root/proto/node_modules/.bin/buf"
if [[ ! -x "$buf" ]]; then
  # Not `npm ci`: the lock holds, with hashes, the platforms that a registry offers, not always all.
  (cd "$root/proto" && npm install --no-save --ignore-scripts --no-fund --no-audit --loglevel=error)
fi

cd "${MOTCUA_PROTO:-$root/proto}"
against="${1:-$root/proto/promised.binpb}"
if [[ "$against" == --promise ]]; then
  exec "$buf" build --exclude-source-info -o "$root/proto/promised.binpb"
fi
"$buf" lint
"$buf" breaking --against "$against"
