# Two commands matter: `make run` (everything, from a bare clone) and `make check` (everything that keeps the house).
# What is already in place is recognised by its content in tools/setup.py, so every target may be repeated at no cost.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

# The first Python 3.11-3.13 that can really make an environment: a pyenv shim may exist and fail, Debian may lack python3-venv.
PYTHONS := $(if $(PYTHON),$(PYTHON),.venv/bin/python python3.13 python3.12 python3.11 python3)
define SETUP
@for python in $(PYTHONS); do \
	if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then \
		exec $$python tools/setup.py $(1); \
	fi; \
done; \
echo "No Python 3.11, 3.12 or 3.13 with venv found. On Debian 12: apt-get install python3-venv; or name one: make PYTHON=/path/to/python3.12 …" >&2; \
exit 1
endef

PYTEST := .venv/bin/python -m pytest -n auto --maxprocesses=4 --dist loadfile --no-loadscope-reorder

.PHONY: help setup setup-tests run test test-slow bench check lint types contracts format translate lock clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | sort | expand -t 14

run: setup  ## build what is missing, then serve on http://127.0.0.1:8000 (Ctrl-C ends it)
	@exec .venv/bin/academy run

test: setup-tests  ## bring everything the tests need, then run them, without the long proofs; ARGS="-k seats" narrows
	@.venv/bin/python -m tools.testparts
	@$(PYTEST) -m "not slow" $(ARGS)

test-slow: setup-tests  ## the long proofs: real files, killed processes, every page times every role
	@.venv/bin/python -m tools.testparts
	@$(PYTEST) -m slow $(ARGS)

check: lint types contracts test test-slow  ## lint, types, import contracts and all tests

bench: setup  ## measure what was promised, as JSON lines; ARGS="search --quick" narrows
	@.venv/bin/academy bench $(ARGS)

lint: setup-tests  ## ruff over the code, djlint over the templates
	@.venv/bin/ruff check .
	@.venv/bin/djlint academy/templates --lint --quiet

types: setup-tests  ## mypy, strict
	@.venv/bin/mypy

contracts: setup-tests  ## which room may know which: import-linter
	@.venv/bin/lint-imports --no-logo

format: setup-tests  ## let ruff put the code in its form
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format .

translate: setup-tests  ## take new texts from the code into academy/translations
	@.venv/bin/python -m tools.translate extract

lock: setup-tests  ## fix the newest allowed versions in requirements*.lock
	@.venv/bin/python -m tools.lock $(ARGS)

clean:  ## remove what was built; your data in var/ stays
	rm -rf .venv node_modules academy/static/build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov
	find academy tests tools -name __pycache__ -type d -exec rm -rf {} +
	find academy -name '*.mo' -delete

setup:
	$(call SETUP,run)

setup-tests:
	$(call SETUP,test)
