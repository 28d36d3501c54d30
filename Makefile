# make run    the whole site on this machine      make test   the tests
# make lint   what the style tools think          make help   everything else

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
PYTEST_ARGS ?=
BENCH_ARGS ?=

# A relative path, so that a checkout may live in a folder with a space in its name; always
# `python -m`, because scripts in .venv/bin remember where they were made (djade is a binary).
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
export CHROMIUM

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test test-long validate bench lint format requirements clean prepare prepare-dev

help:
	@echo "make run           install, load every fact and story, serve (PORT=8000 HOST=127.0.0.1)"
	@echo "make test          install what the tests need and run them (PYTEST_ARGS='-k name')"
	@echo "make test-long     the record book's properties on 2,500 made-up histories each, at random"
	@echo "make bench         measure the site (BENCH_ARGS='--scale 1,10,100'; benchmarks/README.md)"
	@echo "make validate      ask the W3C's checker about every kind of page (needs Java and npm)"
	@echo "make lint          check style, code and templates"
	@echo "make format        put code and templates in order"
	@echo "make requirements  pin requirements*.in anew into requirements*.txt, with hashes"
	@echo "make clean         remove .venv, caches and collected static files; keeps db.sqlite3, .env"

# The environment

.venv/.made:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "No $(PYTHON) here: Python 3.11 or newer is needed (make PYTHON=/path/to/python3 …)." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is older than Python 3.11, which is needed (make PYTHON=/path/to/python3 …)." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv module: install it (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@echo "Making .venv …"
	@"$(PYTHON)" -m venv --clear .venv
	@touch .venv/.made

.venv/.installed: .venv/.made requirements.txt
	@echo "Installing requirements.txt …"
	@$(PIP) install --no-deps --require-hashes -r requirements.txt
	@touch .venv/.installed

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	@echo "Installing requirements-dev.txt …"
	@$(PIP) install --no-deps --require-hashes -r requirements.txt -r requirements-dev.txt
	@touch .venv/.installed-dev

.env:
	@umask 077; "$(PYTHON)" -c 'import secrets; print("DEBUG=on\nSECRET_KEY=" + secrets.token_urlsafe(50))' > .env.new
	@mv .env.new .env
	@echo "Wrote .env with settings for this machine."

prepare: .venv/.installed
prepare-dev: .venv/.installed-dev

# The site

# Under DEBUG only local names are answered and links point to port 8000, unless told otherwise.
run: prepare .env
	@set -e; \
	if [ -z "$${SITE_URL:-}" ] && ! grep -q '^SITE_URL=' .env; then \
	  case "$(HOST)" in 0.0.0.0|::) shown=127.0.0.1;; *:*) shown="[$(HOST)]";; *) shown="$(HOST)";; esac; \
	  SITE_URL="http://$$shown:$(PORT)"; export SITE_URL; \
	fi; \
	if [ -z "$${ALLOWED_HOSTS:-}" ] && ! grep -q '^ALLOWED_HOSTS=' .env; then \
	  case "$(HOST)" in 127.0.0.1|localhost|::1) ;; *) ALLOWED_HOSTS='*'; export ALLOWED_HOSTS;; esac; \
	fi; \
	case "$(HOST)" in *:*) address="[$(HOST)]:$(PORT)";; *) address="$(HOST):$(PORT)";; esac; \
	$(PY) manage.py migrate --verbosity 0; \
	$(PY) manage.py load_site --if-empty; \
	echo; \
	$(PY) manage.py make_accounts --if-none; \
	echo "The site:      http://$$address/"; \
	echo "The newsroom:  http://$$address/admin/"; \
	echo "Stop it with Ctrl-C."; \
	echo; \
	PYTHONUNBUFFERED=1 DJANGO_RUNSERVER_HIDE_WARNING=true \
	  exec $(PY) manage.py runserver --noreload "$$address" >/dev/null

# The tests

define no_chromium

******************************************************************************
*  NO CHROMIUM FOUND: THE BROWSER TESTS ARE LEFT OUT                         *
*  Install chromium (Debian, Ubuntu: apt install chromium), or name one:     *
*  make test CHROMIUM=/path/to/chromium                                      *
******************************************************************************

endef
export no_chromium

test: prepare-dev
	@if [ -n "$$CHROMIUM" ]; then \
	  $(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal $(PYTEST_ARGS); \
	else \
	  echo "$$no_chromium"; \
	  status=0; $(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal -m "not browser" $(PYTEST_ARGS) || status=$$?; \
	  echo "$$no_chromium"; exit $$status; \
	fi

test-long: prepare-dev
	$(PY) -m pytest -n auto --maxprocesses 4 tests/book --hypothesis-profile=long $(PYTEST_ARGS)

bench: prepare-dev
	$(PY) benchmarks/run.py $(BENCH_ARGS)

# The checker stays out of what is installed.
.vnu/package/build/dist/vnu.jar:
	@mkdir -p .vnu && cd .vnu && npm pack --silent vnu-jar >/dev/null && tar xzf vnu-jar-*.tgz

validate: prepare-dev .vnu/package/build/dist/vnu.jar
	@VNU_JAR="$(CURDIR)/.vnu/package/build/dist/vnu.jar" $(PY) -m pytest tests/browser/validate_pages.py

lint: prepare-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --check --target-version 5.2
	$(PY) -m djlint --quiet --lint templates

format: prepare-dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --target-version 5.2

requirements: .venv/.made
	$(PIP) install uv
	$(PY) -m uv pip compile --quiet --no-header --no-config --universal --python-version 3.11 \
	  --generate-hashes requirements.in -o requirements.txt
	$(PY) -m uv pip compile --quiet --no-header --no-config --universal --python-version 3.11 \
	  --generate-hashes requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .coverage htmlcov staticfiles test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
