#!/usr/bin/env bash
# Writes requirements/*.txt: every version pinned with its hashes, no index named.
# dev.txt is what developers and CI have. What an image has is a part of it, in the same versions.
set -euo pipefail
cd "$(dirname "$0")/.."
own=(motcua motcua-contracts motcua-kernel motcua-platform motcua-grafana motcua-intake motcua-processing motcua-metrics motcua-cli motcua-client motcua-sample-dak-rlap motcua-sample-lam-dong motcua-dashboards)
uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-annotate --no-header --python-version 3.11 "${own[@]/#/--no-emit-package=}" "$@" --quiet -o requirements/dev.txt
uv pip compile requirements/uv.in --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-annotate --no-header --python-version 3.11 "$@" --quiet -o requirements/uv.txt

compile_image() {  # NAME, then the packages that it runs, or - for names on standard input
  local name="$1"
  shift
  uv pip compile "$@" --constraint requirements/dev.txt --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header --python-version 3.11 "${own[@]/#/--no-emit-package=}" --quiet -o "requirements/$name.txt"
}
compile_image intake services/intake/pyproject.toml
compile_image processing services/processing/pyproject.toml
compile_image metrics services/metrics/pyproject.toml
compile_image tools cli/pyproject.toml services/processing/pyproject.toml
echo hatchling | compile_image build -
