# Two commands do everything on a fresh machine: `make demo` and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PACKAGES := proto libs/kernel libs/platform libs/grafana services/intake services/processing services/metrics client cli samples/dak-rlap-2020 samples/lam-dong deploy/observability/dashboards
ARGS ?=

.PHONY: help setup demo up test check docs fmt bench faults grafana-test reference alert-year fuzz images-test operations-test pictures clean

help:  ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/ —/'

setup: $(STAMP)  ## Install everything into .venv, versions and hashes pinned

$(STAMP): requirements/dev.txt requirements/uv.txt pyproject.toml $(addsuffix /pyproject.toml,$(PACKAGES))
	@echo "Cài đặt môi trường Python · setting up Python in $(VENV) ..."
	@test -x $(BIN)/uv || { $(PYTHON) -m venv --clear $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt; }
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt requirements/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(addprefix -e ,$(PACKAGES))
	@touch $@

demo: $(STAMP)  ## The sample district's year through the whole system; ARGS=--exit ends by itself
	@$(BIN)/motcua demo $(ARGS)

up: $(STAMP)  ## The local stack: Kafka, PostgreSQL, the three services
	@$(BIN)/motcua up $(ARGS)

test: $(STAMP)  ## Every test, with real Kafka and real PostgreSQL
	@mkdir -p var && $(BIN)/python -m pytest --junitxml=var/tests.xml $(ARGS)

check: $(STAMP)  ## Lint, types, walls, own rules, schemas; writes nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/lints.py
	@scripts/check_proto.sh

docs: $(STAMP)  ## Write the pages and documents anew that are made from schemas and code
	@$(BIN)/python -m scripts.contract_pages
	@$(BIN)/python -m scripts.chart

fmt: $(STAMP)  ## Format and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(STAMP)  ## Speed beside its floor, into bench/results/latest.json
	@$(BIN)/python -m bench $(ARGS)

faults: $(STAMP)  ## The long form of the fault tests
	@MOTCUA_FAULT_KILLS=100 MOTCUA_FAULT_ANSWERS=500 $(BIN)/python -m pytest tests/faults $(ARGS)

operations-test: $(STAMP)  ## Servers away for five minutes, everything destroyed and restored, a rebuild struck
	@MOTCUA_AWAY_SECONDS=300 $(BIN)/python -m pytest -s tests/operations $(ARGS)

grafana-test: $(STAMP)  ## The suite of the Grafana port on a real server: URL=…, token in MOTCUA_GRAFANA_TOKEN
	@MOTCUA_GRAFANA_TEST_URL=$(URL) $(BIN)/python -m pytest libs/grafana/tests/test_grafana_contract.py -k real $(ARGS)

reference: $(STAMP)  ## A million random deadlines, the engine beside its slow second opinion
	@MOTCUA_REFERENCE_CASES=1000000 MOTCUA_REFERENCE_PROCESSES=2 \
	  $(BIN)/python -m pytest libs/kernel/tests/test_reference_agreement.py $(ARGS)

fuzz: $(STAMP)  ## An hour of fuzzing of intake's door; FUZZ_SECONDS=300 for less
	@$(BIN)/python tests/fuzz/long_run.py

images-test: $(STAMP)  ## Images and Compose on a Docker engine of the tests' own; as root, on Debian
	@MOTCUA_IMAGES=true $(BIN)/python -m pytest tests/images $(ARGS)

pictures: $(STAMP)  ## The pictures of the board under docs, drawn anew from a running stack
	@MOTCUA_PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/e2e/test_board_in_a_browser.py $(ARGS)

alert-year: $(STAMP)  ## The sample year through the spike alert, a minute at a time; writes docs/alerts.md
	@$(BIN)/python tests/ops/alert_year.py $(ARGS)

clean:  ## Remove what the commands above made, downloads excepted
	@rm -rf $(VENV) var .pytest_cache .ruff_cache .hypothesis .import_linter_cache proto/node_modules
