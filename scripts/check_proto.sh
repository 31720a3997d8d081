#!/usr/bin/env bash
# Lints the schemas and refuses a change that breaks what has been promised.
# Usage: scripts/check_proto.sh [AGAINST]     a folder or image (default: proto/promised.binpb)
#        scripts/check_proto.sh --promise     make the schemas as they are the promise
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
buf="$root/proto/node_modules/.bin/buf"
"$root/scripts/proto_tools.sh"

cd "${MOTCUA_PROTO:-$root/proto}"
against="${1:-$root/proto/promised.binpb}"
if [[ "$against" == --promise ]]; then
  exec "$buf" build --exclude-source-info -o "$root/proto/promised.binpb"
fi
"$buf" lint
"$buf" breaking --against "$against"
