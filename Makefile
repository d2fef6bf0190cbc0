.DEFAULT_GOAL := help
.PHONY: help run test test-long check bench reference validation sample python-found installed installed-dev

PYTHON ?=
ROOT ?=
VIEW ?=
PORT ?=

VENV := .venv
RUNS := $(VENV)/bin/python -m
STAMP := $(VENV)/installed-$(shell cat requirements.txt constraints.txt | cksum | tr -d ' ')
DEV_STAMP := $(STAMP)-$(shell cksum < requirements-dev.txt | tr -d ' ')
PIP := $(RUNS) pip install --quiet --disable-pip-version-check

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
HAS_VENV := import ensurepip, venv
FIND_PYTHON := for python in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11); do \
	"$$python" -c '$(NEW_ENOUGH)' 2>/dev/null && found=$$python && "$$python" -c '$(HAS_VENV)' 2>/dev/null && break; \
	python=; done
WITHOUT_PYTHON := Python 3.11 or newer was not found: install it (Debian, Ubuntu: apt install python3 python3-venv) \
or name it with make PYTHON=/path/to/python3.
WITHOUT_VENV := has no venv module: install it (Debian, Ubuntu: apt install python3-venv) and run make again.

help:  ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-11s%s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "make run ROOT=/path opens another folder with studies/ and its data; VIEW=pooled hides the arms;"
	@echo "PORT=8600 fixes the port; PYTHON=/path/to/python3 picks the interpreter."

run: installed  ## Start the dashboard on the sample trials
	@$(if $(ROOT),test -d "$(ROOT)/studies" || { echo "$(ROOT) has no folder studies/ (ROOT names the folder that holds it)." >&2; exit 1; })
	@$(if $(ROOT),ITP_ROOT="$$(cd "$(ROOT)" && pwd)") $(if $(VIEW),ITP_VIEW="$(VIEW)") \
		$(RUNS) ui $(if $(PORT),--server.port "$(PORT)")

test: check  ## Run every check and every test but the long ones
	$(RUNS) pytest -n 2 --long without

test-long: installed-dev  ## Run the long tests: every output and page, faults, whole deliveries, generated studies
	$(RUNS) pytest -n 2 --long only

check: installed-dev  ## Formatting, lint and types
	$(RUNS) ruff format --check .
	$(RUNS) ruff check .
	$(RUNS) mypy

bench: installed-dev  ## Measure speed as ratios and keep a dated result
	$(RUNS) benchmarks

reference: installed-dev  ## Make the numbers of R again, where R is installed, and the page Validation
	@command -v Rscript >/dev/null || { echo "Rscript was not found: install R and the packages that docs/reference/validation.md names." >&2; exit 1; }
	cd tests/reference && for script in make_*.R; do Rscript "$$script" || exit 1; done
	$(MAKE) validation

validation: installed-dev  ## Write docs/reference/validation.md from the reference tests
	$(RUNS) pytest -n 2 tests/reference --validation

sample: installed  ## Make the synthetic sample data again, byte for byte
	$(RUNS) trialdata.synthetic

installed: $(STAMP)
installed-dev: $(DEV_STAMP)

$(STAMP): | python-found
	@echo "Installing the requirements into $(VENV); this is done once."
	@$(PIP) -r requirements.txt && touch $@

$(DEV_STAMP): $(STAMP)
	@echo "Installing what the tests need into $(VENV); this is done once."
	@$(PIP) -r requirements-dev.txt && touch $@

python-found:
	@$(RUNS) pip --version >/dev/null 2>&1 && $(VENV)/bin/python -c '$(NEW_ENOUGH)' && exit; \
	found=; $(FIND_PYTHON); \
	if [ -z "$$found" ]; then echo "$(WITHOUT_PYTHON)" >&2; exit 1; fi; \
	if [ -z "$$python" ]; then echo "$$found $(WITHOUT_VENV)" >&2; exit 1; fi; \
	echo "Making a virtual environment in $(VENV) with $$python."; \
	"$$python" -m venv --clear $(VENV)
