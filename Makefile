# The commands of the project; `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
FLASK := $(BIN)/flask --app app
SOURCES := config.py app skills matching courses deploy bench tests scripts migrations/env.py
export EKARIR_ENV ?= development
export PYTHONUNBUFFERED := 1

.PHONY: help
help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## Make .venv, install pinned packages and system libraries, compile translations
	@deploy/setup.sh

.PHONY: setup-dev
setup-dev:
	@deploy/setup.sh --dev

.PHONY: run
run: setup ## Start everything on 127.0.0.1:8000 (PORT=, DEMO_PEOPLE=; second start is quick)
	@exec $(BIN)/python deploy/run.py

.PHONY: test
test: setup-dev ## Run the whole suite on SQLite and PostgreSQL, browser journeys included
	@PYTHON=$(BIN)/python deploy/system_packages.sh test || true
	@$(BIN)/python -m tests.support.run_suite $(ARGS)

.PHONY: lint
lint: setup-dev ## Check style, format, types, import rules and translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/python -m scripts.translations

.PHONY: format
format: setup-dev ## Rewrite the source in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: setup-dev ## Run all benchmarks and compare with the figures in bench/results
	@$(BIN)/python -m bench.run $(ARGS)

.PHONY: bench-matching
bench-matching: setup-dev ## Run the benchmarks of the similarity engine only
	@$(BIN)/python -m bench.run matching $(ARGS)

.PHONY: migrate
migrate: setup ## Bring the database to the newest migration
	@$(FLASK) db upgrade

.PHONY: demo
demo: setup ## Migrate and fill a new development database, without starting the server
	@$(BIN)/python deploy/prepare.py

.PHONY: reset
reset: ## Remove the development database and its demonstration city (asks first)
	@test "$(EKARIR_ENV)" = development || { echo "Only in development."; exit 1; }
	@read -r -p "Remove everything in instance/? Type yes: " answer && [ "$$answer" = yes ]
	@rm -rf instance
	@echo "Removed. The next 'make run' starts anew."

.PHONY: translations
translations: setup-dev ## Gather new texts into the catalogues and compile them
	@$(BIN)/python -m scripts.translations --update
	@deploy/setup.sh --dev

.PHONY: vendor
vendor: setup-dev ## Refresh the vendored front-end files (needs npm; never needed to run)
	@npm ci --ignore-scripts
	@$(BIN)/python scripts/vendor_assets.py

.PHONY: clean
clean: ## Remove what tools left behind; keeps .venv and instance
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache htmlcov test-artifacts .coverage .coverage.*
	@find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
