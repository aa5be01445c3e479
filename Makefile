# make run   the dashboard, with the sample city (CITY=path/to/city.toml for another, PORT=8502 for another port)
# make test  ruff, mypy and pytest
# make bench us and our peers in one run (needs the test data; makes an environment for the peers)
PYTHON ?= python3
PORT ?= 8501
CITY ?= meridian
BIN := .venv/bin
# pip compiles on one core, 43 s of work: here all cores do it, and leave out the libraries' own tests, a quarter of the lines.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
COMPILE := $(BIN)/python -m compileall -q -j 0 -x /tests/ .venv/lib data analytics dashboard || true
# What one process has compiled the next one takes, also where the system asks Python to keep none of it: a dozen processes begin.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test bench clean help

help:
	@sed -n 's/^# make/make/p' Makefile

run: .venv/installed
	@echo "Starting Civicast on http://localhost:$(PORT) with the city $(CITY) (stop it with Ctrl+C)."
	@$(BIN)/python -m dashboard --city "$(CITY)" --port "$(PORT)"

test: .venv/installed-dev
	@echo "Checking style (ruff) ..."
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "Running the tests (pytest), and checking types (mypy) beside them ..."
	@said=$$(mktemp); $(BIN)/mypy >$$said 2>&1 & types=$$!; \
		$(BIN)/python -m pytest; tests=$$?; \
		wait $$types; types=$$?; cat $$said; rm $$said; exit $$((tests | types))

bench: .venv/installed-dev
	@$(BIN)/python -m benchmarks --all

.venv/bin/python:
	@echo "Making the environment .venv with $$($(PYTHON) --version) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Civicast needs Python 3.11 or later; name one: make PYTHON=python3.12 run"; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt .venv/bin/python
	@echo "Installing what the dashboard needs (about 1 GB, a few minutes the first time) ..."
	@$(INSTALL) -r requirements.txt
	@$(COMPILE)
	@touch $@

# What the dashboard needs is among it: one run of pip, where two would look through all packages twice.
.venv/installed-dev: requirements-dev.txt requirements.txt .venv/bin/python
	@echo "Installing what the dashboard and its tests need (about 1 GB, a few minutes the first time) ..."
	@$(INSTALL) -r requirements-dev.txt
	@$(COMPILE)
	@touch .venv/installed $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
