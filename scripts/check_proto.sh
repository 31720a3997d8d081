#!/usr/bin/env bash
# Lints the schemas and refuses a change that breaks what the last commit promised.
# Usage: scripts/check_proto.sh [AGAINST_FOLDER]   (default: proto as of the last commit)
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
buf="$root/proto/node_modules/.bin/buf"
if [[ ! -x "$buf" ]]; then
  # Not `npm ci`: the lock holds, with hashes, the platforms that a registry offers, not always all.
  (cd "$root/proto" && npm install --no-save --ignore-scripts --no-fund --no-audit --loglevel=error)
fi

against="${1:-}"
if [[ -z "$against" ]]; then
  against="$(mktemp -d)"
  trap 'rm -rf "$against"' EXIT
  git -C "$root" archive HEAD proto/buf.yaml proto/motcua | tar -x -C "$against" --strip-components=1
fi

cd "${MOTCUA_PROTO:-$root/proto}"
"$buf" lint
"$buf" breaking --against "$against"
