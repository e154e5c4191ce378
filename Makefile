# morprom: `make` prints this help.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= $(or $(MORPROM_PORT),8000)
DATA ?= var
CALLS ?= 20000

.PHONY: help setup up test check fuzz bench docs clean
.DEFAULT_GOAL := help

help:
	@echo "make setup   virtual environment with everything that is pinned in requirements.lock"
	@echo "make up      the demo at http://127.0.0.1:$(PORT): PostgreSQL, platform, agent, a month of visits"
	@echo "make test    every test, on a real PostgreSQL; those of the pages in Chromium, where there is one"
	@echo "make check   lint, types, import directions, sizes, house rules"
	@echo "make fuzz    every call with 20,000 made-up requests by each kind of token, and all the bad input (CALLS=20000)"
	@echo "make bench   the measurements of docs/performance.md"
	@echo "make docs    docs/findings.md from the catalogue in the code, docs/openid.md from the conformance tests"
	@echo "make clean   remove the virtual environment and caches (not var/, which holds data)"

setup: .venv/installed

.venv/installed: requirements.lock pyproject.toml agent/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed / ต้องใช้ Python 3.11 ขึ้นไป (PYTHON=/path/to/python3 make setup)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e agent -e .
	@touch $@

up: setup
	@$(BIN)/morprom up --demo --data $(DATA) --port $(PORT)

test: setup
	@$(BIN)/python -m pytest -n 4 --dist loadgroup

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python tools/check_sizes.py
	@$(BIN)/python tools/check_house.py
	@$(BIN)/pyright

fuzz: setup
	@FUZZ_CALLS=$(CALLS) $(BIN)/python -m pytest -n 4 --dist loadgroup \
		tests/conformance/test_schemathesis.py tests/conformance/test_bad_input.py

bench: setup
	@$(BIN)/python -m bench

docs: setup
	@$(BIN)/python tools/write_findings.py
	@$(BIN)/python tests/conformance/openid/table.py

clean:
	rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
