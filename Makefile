# `make run` and `make test` are all a newcomer needs. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run sample test test-all test-long test-faults setup-production \
  test-deploy test-production test-offline licences sbom advisories check dashboard ui clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PRODUCTION := $(VENV)/.installed-production
COMPILED := $(VENV)/.compiled
MODULES := $(shell find cf_pipeline assets resources -name '*.py')
WORKERS := 2
# In the order of the folders: the long whole runs begin first, so that the workers end together.
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
export DAGSTER_DISABLE_TELEMETRY := yes
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) $(COMPILED) ## make the .venv from requirements.lock (quick when nothing changed)

$(STAMP): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit("Python 3.11 is needed: make PYTHON=/path/to/python3.11") if sys.version_info[:2] != (3, 11) else None'
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@echo "Installing the pinned packages into $(VENV) (a few minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --no-input --require-hashes --only-binary=:all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-input --no-deps --no-build-isolation -e .
	@touch $(STAMP)

$(COMPILED): $(STAMP) $(MODULES)
	@$(BIN)/python -m cf_pipeline.project.input_hash
	@touch $(COMPILED)

setup-production: setup $(PRODUCTION) ## add what PostgreSQL for Dagster, s3, abfs and Kubernetes need, and their tests

$(PRODUCTION): $(STAMP) requirements-production.lock requirements-production-tests.lock
	@echo "Installing the pinned packages of production into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --no-input --no-deps --require-hashes --only-binary=:all: \
	  -r requirements-production.lock -r requirements-production-tests.lock
	@touch $(PRODUCTION)

run: setup ## raw/ to reports: key, sample if raw/ is empty, the pipeline, a table at the end, the papers
	@$(BIN)/cf-pipeline init
	@$(BIN)/cf-pipeline sample --if-empty
	@status=0; $(BIN)/cf-pipeline run || status=$$?; \
	  if [ $$status -eq 2 ]; then echo "Done, but something was refused: see the lines that begin with Refused."; fi; \
	  case $$status in 0|2) $(BIN)/cf-pipeline report || [ $$? -eq 2 ] || status=1;; esac; \
	  exit $$status

sample: setup ## write synthetic deliveries into raw/
	@$(BIN)/cf-pipeline sample

test: setup ## units, assets, every KPI by example, one run end to end, PostgreSQL, a browser (minutes)
	@$(PYTEST) -m "not slow and not long and not faults and not deploy and not production"

# one of them waits for a live Dagster most of the time
test-all: WORKERS := 3
test-all: setup ## what `make test` leaves out: second opinion, live Dagster, real files, other seeds, fuzz
	@$(PYTEST) -m "slow and not long and not faults and not deploy and not production"

test-long: setup ## the rest: every mutation of every record, 2,000 mutants, 200 histories, 200 releases (hours)
	@$(PYTEST) -m "long and not faults and not deploy and not production"

test-faults: setup ## kills, full disks, cut connections, clocks: N of N a row, as root (an hour; FAULTS=quick: minutes)
	@command -v faketime >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends faketime; }
	@$(BIN)/python -m pytest -s -m faults tests/faults

test-deploy: setup-production ## the files of deploy/ by the programs that read them, a restore, the lake in an object store
	@for each in initdb:postgresql nginx:nginx-light docker-compose:docker-compose systemd-analyze:systemd openssl:openssl; do \
	  command -v $${each%%:*} >/dev/null || ls /usr/lib/postgresql/*/bin/$${each%%:*} /usr/sbin/$${each%%:*} >/dev/null 2>&1 || \
	    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $${each##*:}; }; done
	@$(BIN)/python -m pytest -m deploy tests/deploy

test-production: setup-production ## 33 councils, three nights, everything killed once, as systemd runs it (COUNCILS=4: minutes)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; }
	@$(BIN)/python -m pytest -s -m production tests/production

test-offline: setup ## `make run` from an empty drop zone in a place without a network, as root
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	  CF_RAW=$$folder/raw CF_DATA=$$folder/data unshare --net $(MAKE) --no-print-directory run

licences: setup-production ## write docs/licences.md anew
	@$(BIN)/python deploy/supply/licences.py

sbom: setup-production ## write sbom.json: what is installed, as CycloneDX
	@$(BIN)/cyclonedx-py environment --output-format JSON --output-reproducible --output-file sbom.json $(BIN)/python
	@echo "Wrote sbom.json."

advisories: setup-production ## is an advisory known of what is installed? says so when no service can be asked
	@$(BIN)/python deploy/supply/advisories.py

check: setup ## format, lint, types, import contracts; changes nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check --no-cache .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

dashboard: setup ## the staff's dashboard on http://127.0.0.1:8800
	@$(BIN)/cf-pipeline serve

ui: setup ## the Dagster UI on http://127.0.0.1:3000
	@$(BIN)/cf-pipeline init
	@DAGSTER_HOME="$$($(BIN)/python -m cf_pipeline.project.setup)" \
	  $(BIN)/dagster dev --workspace workspace.yaml --host 127.0.0.1 --port $${PORT:-3000}

clean: ## remove what was installed and cached; data/ and raw/ stay
	@rm -rf $(VENV) *.egg-info build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
