# Everything a person does with the project; `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3.11
# A file's tests stay together: those of one server or browser share it. In their order: the longest files have few tests,
# and would come last, one worker waiting for the other.
IN_PARALLEL := -n auto --dist loadfile --no-loadscope-reorder
APT := postgresql chromium libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-core fonts-noto-cjk

.DEFAULT_GOAL := help

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.app ## Install, crawl the sample newsroom, show what comes of it (no network but pip's)
	@$(BIN)/diembao demo

test: $(VENV)/.dev apt ## Install what the tests need and run them all
	@$(BIN)/pytest $(IN_PARALLEL)

check: $(VENV)/.dev ## Format, lint, types, layers, then the tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest $(IN_PARALLEL)

format: $(VENV)/.dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## Measure the whole way on the real pages at ../shared
	@$(BIN)/python bench/end_to_end.py

requirements: $(VENV)/.dev ## Pin the dependencies anew, from pyproject.toml
	@$(BIN)/pip install --quiet pip-tools
	@$(BIN)/pip-compile --quiet --upgrade --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-annotate \
		--extra web --extra report --extra postgres --output-file requirements.txt pyproject.toml
	@$(BIN)/pip-compile --quiet --upgrade --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-annotate \
		--extra web --extra report --extra postgres --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

clean: ## Remove the environment and every runtime file (database and archive, too)
	rm -rf $(VENV) var dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is needed (apt install python3.11 python3-venv)" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "make: the venv module is needed (apt install python3-venv)" >&2; exit 2; }

$(VENV)/.app: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing pinned dependencies into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --progress-bar off --no-compile -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing pinned dependencies, the tests' included, into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --progress-bar off --no-compile -r requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@ $(VENV)/.app

apt: ## Install the Debian packages the tests use (PostgreSQL, Chromium, Pango, fonts)
	@missing=""; for package in $(APT); do \
		dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q "ok installed" || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
		sudo=""; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
		[ -z "$$sudo" ] || $$sudo true 2>/dev/null || { \
			echo "make: the tests need$$missing; no rights to install: run 'sudo apt-get install$$missing', then make test" >&2; exit 2; }; \
		echo "installing$$missing ..."; \
		{ $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null \
			|| { echo "make: apt could not install$$missing" >&2; exit 2; }; \
	fi

.PHONY: help demo test check format bench requirements clean apt
