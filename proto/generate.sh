#!/usr/bin/env bash
# Regenerates the Python code of the schemas with the pinned compiler of requirements/dev.txt.
# Usage: proto/generate.sh [OUTPUT_FOLDER]   (default: proto/python)
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
output="$(mkdir -p "${1:-$here/python}" && cd "${1:-$here/python}" && pwd)"
bin="${MOTCUA_PYTHON_BIN:-$here/../.venv/bin}"
cd "$here"
rm -rf "$output/motcua"
PATH="$bin:$PATH" python -m grpc_tools.protoc -I . --python_out="$output" --mypy_out="$output" \
  $(find motcua -name '*.proto' | sort)
