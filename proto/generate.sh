#!/usr/bin/env bash
# Regenerates proto/python from the schemas with the pinned compiler of requirements/dev.txt.
set -euo pipefail
cd "$(dirname "$0")"
bin="$(cd ../.venv/bin && pwd)"
rm -rf python/motcua
mkdir -p python
PATH="$bin:$PATH" "$bin/python" -m grpc_tools.protoc -I . --python_out=python --mypy_out=python \
  $(find motcua -name '*.proto' | sort)
