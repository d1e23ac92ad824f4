# make app | test | e2e | checks | units | scripts | lint | types | format | weights | clean
# Everything is installed into .venv, once; the stamps .venv/.app and .venv/.test say what is there.
PYTHON ?= python3
PORT ?= 8501
ARGS ?=

VENV := .venv
RUN := $(VENV)/bin/python -m
# Each process of the browser tests has an app and a browser of its own.
PARALLEL := -n auto --maxprocesses=4 --dist worksteal
# Python compiles a module when it is first imported, and keeps it: all of them would take as long
# again as installing them.
PIP := $(RUN) pip install --disable-pip-version-check --quiet --no-compile
unexport PYTHONDONTWRITEBYTECODE

.PHONY: app test e2e checks units scripts no-scripts lint types format weights clean

app: $(VENV)/.app
	$(RUN) streamlit run streamlit_app.py --server.port $(PORT) $(ARGS)

test: checks units

# With --jobs some of it runs side by side: the scripts are checked while pip installs.
checks: lint types $(if $(shell command -v npm),scripts,no-scripts)

units: $(VENV)/.test
	$(RUN) pytest $(PARALLEL) $(ARGS)

e2e: $(VENV)/.test
	$(RUN) pytest -m e2e $(PARALLEL) tests/e2e $(ARGS)

scripts: node_modules/.stamp
	npm run --silent lint
	npm run --silent test

no-scripts:
	@echo "The tests of the scripts in JavaScript need Node.js and npm, and are left out."

lint: $(VENV)/.test
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: $(VENV)/.test
	$(RUN) mypy

format: $(VENV)/.test
	$(RUN) ruff check --fix .
	$(RUN) ruff format .
	@if [ -d node_modules ]; then npm run --silent format; fi

# All that ships, made again in campaign/ from the raw data (docs/training.md); hours.
weights: $(VENV)/.test
	$(RUN) train.weights --folder campaign $(ARGS)
	@echo "To ship them: cp -R campaign/weights/. weights/"

clean:
	rm -rf $(VENV) node_modules build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' was not found. Install it, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make a virtual environment; on Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.app: requirements.txt $(VENV)/.python
	@echo "Installing what the app needs into $(VENV) (once, a minute or so) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.test: pyproject.toml requirements.txt $(VENV)/.python
	@echo "Installing what training and tests need into $(VENV) (once, some minutes) ..."
	@$(PIP) --editable '.[train,test]'
	@touch $(VENV)/.app $@

node_modules/.stamp: package.json package-lock.json
	@npm ci --silent --no-audit --no-fund
	@touch $@
