# Everything that this project needs is installed into .venv; nothing outside this folder is changed.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: start test check prove bench fmt docs clean

start: $(VENV)/.learner          ## create the environment, install, open the shell
	@$(BIN)/redis-tutor

test: $(VENV)/.dev               ## install what the tests need, and pass them
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/.dev              ## lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

prove: $(VENV)/.dev              ## every lesson on every backend
	$(BIN)/redis-tutor prove

bench: $(VENV)/.dev              ## the numbers, each beside its peer
	$(BIN)/python -m benchmarks

fmt: $(VENV)/.dev                ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.dev               ## build again what is built from the code
	$(BIN)/python scripts/build_catalog.py
	$(BIN)/python -m tutor.lesson.schema lessons

clean:                           ## remove what these targets made
	rm -rf $(VENV) .venv-peers build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Redis Tutor needs Python 3.11 or newer; $(PYTHON) is older. Try: make start PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "This Python cannot make environments. On Debian or Ubuntu type: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.learner: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@$(BIN)/python -m compileall -q tutor   # so that the first start is as quick as the others
	@touch $@

$(VENV)/.dev: $(VENV)/.learner
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
