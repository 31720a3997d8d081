#!/usr/bin/env bash
# Writes requirements/dev.txt: every version pinned with its hashes, no index named.
set -euo pipefail
cd "$(dirname "$0")/.."
own=(motcua motcua-contracts motcua-kernel motcua-platform motcua-grafana motcua-intake motcua-processing motcua-metrics motcua-cli motcua-client motcua-sample-dak-rlap motcua-sample-lam-dong motcua-dashboards)
uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-annotate --no-header --python-version 3.11 "${own[@]/#/--no-emit-package=}" "$@" --quiet -o requirements/dev.txt
uv pip compile requirements/uv.in --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-annotate --no-header --python-version 3.11 "$@" --quiet -o requirements/uv.txt
