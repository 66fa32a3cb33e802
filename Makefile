# Two commands: `make briefing` shows the main job on a fictional partnership, `make test` proves it.
# Each target makes what it needs; a second call does only what changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
DEMO := demo-workspace
TESTS ?= tests

.PHONY: briefing test prove bench check lab docs clean

briefing: $(VENV)/.runtime
	$(BIN)/csp demo --workspace $(DEMO)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(TESTS)

prove: $(VENV)/.dev
	CSP_PROVE=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile $(TESTS)

bench: $(VENV)/.dev
	@for file in bench/*.py bench/*/run.py; do \
		if [ -f "$$file" ]; then echo "== $$file"; $(BIN)/python "$$file" || exit 1; fi; done

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

lab: $(VENV)/.lab
	@test -d $(DEMO) || $(MAKE) briefing
	$(BIN)/csp lab --workspace $(DEMO)

docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) $(DEMO) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.made:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed; set PYTHON=...')"
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.runtime: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing the pinned packages into $(VENV) (once; a few minutes)"
	$(PIP) -e .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "Installing what the tests need (once)"
	$(PIP) -e ".[dev,pdf]"
	touch $@

$(VENV)/.lab: $(VENV)/.runtime
	@echo "Installing the desk (once)"
	$(PIP) -e ".[lab]"
	touch $@
