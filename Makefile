# The one door: people, CI and hooks call these targets and nothing beside them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
JOBS ?= 2
MINUTES ?= 20
SEED ?= 1
# More words for pytest or for the demo, as in: make test ARGS='-k mailbox', make run ARGS='--port 8456'
ARGS ?=
LOCK := --universal --generate-hashes --no-annotate $(if $(UPGRADE),--upgrade)

.PHONY: help env run test check quick format soak hostile bench accuracy lock

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | while IFS='|' read -r name text; do printf 'make %-10s %s\n' "$$name" "$$text"; done

env: ## make or refresh .venv from requirements.lock (the other targets do this by themselves)
	@bash tools/bootstrap.sh

run: env ## run the demo company on localhost, orders on every channel (ARGS='--port 8456' takes another port)
	@bash tools/system_packages.sh mailbox
	@exec $(BIN)/ordermill demo run $(ARGS)

test: env ## run every test with real servers, installing those that are missing where it may
	@bash tools/system_packages.sh
	@bash tools/tryton.sh
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup $(ARGS)

check: env ## format, lint, types, floors between rooms, module length, licences
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.module_length
	$(BIN)/python -m tools.licences

quick: env ## lint, types and the tests that need no server, in under two minutes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup -m "not real and not slow" $(ARGS)

format: env ## format the code and mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

soak: env ## kill workers at random for MINUTES=20 with SEED=1 and count what was lost or doubled
	$(BIN)/python -m bench.soak --minutes $(MINUTES) --seed $(SEED) $(ARGS)

hostile: env ## read 5,000 broken and hostile documents: ARGS='--count 5000 --seed 1'
	$(BIN)/python -m bench.hostile $(ARGS)

bench: env ## measure speed: reading, matching, the walk of an order
	$(BIN)/python -m bench.speed $(ARGS)

accuracy: env ## score the reading of a folder of documents: CORPUS=DIR
	@test -n "$(CORPUS)" || { echo 'Name the folder to score: make accuracy CORPUS=DIR' >&2; exit 2; }
	$(BIN)/python -m bench.accuracy "$(CORPUS)" $(ARGS)

lock: ## write the lock files again after a change in pyproject.toml (UPGRADE=1 takes newer versions)
	@bash tools/with_uv.sh pip compile -q $(LOCK) --group pyproject.toml:dev pyproject.toml -o requirements.lock
	@bash tools/with_uv.sh pip compile -q $(LOCK) --python-version 3.11 tools/tryton-requirements.in -o tools/tryton-requirements.lock
	@bash tools/with_uv.sh pip compile -q $(LOCK) --python-version 3.11 tools/uv-requirements.in -o tools/uv-requirements.lock
