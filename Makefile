# The commands of this project. docs/developing.md says more about each.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
MANAGE := $(BIN)/python manage.py

# One machine, SQLite, no broker, sample accounts: what a newcomer wants.
# EMBEDDED=0 with the settings of docs/deploying.md gives the real thing.
EMBEDDED ?= 1
export EMBEDDED PYTHON PORT

# Every check is a target of its own; all of them run, whatever the others say.
CHECKS := ruff format types imports templates idioms migrations deploy \
	dependencies locks addresses reading states

.PHONY: help run demo test fast torture bench bench-reports check fix screenshots states assets lock install static debian-run debian-test
.PHONY: $(CHECKS:%=check-%)
.DELETE_ON_ERROR:

help:
	@echo "make run     serve the product on http://localhost:$(PORT)"
	@echo "make demo    do the main job once, without a browser, and name each PDF"
	@echo "make test    run every test: SQLite, PostgreSQL, workers, browser"
	@echo "make fast    run the tests that take under a minute"
	@echo "make bench   measure what a report costs, and what must not grow"
	@echo "make bench-reports  the first half of it: reports against one made by hand"
	@echo "make torture  what takes long: many saves at once, what an answer's time tells"
	@echo "make check   check style, types, locks and settings; changes nothing"
	@echo "make fix     put right what can be put right by a program"
	@echo "make screenshots  picture every page, for people to look at"
	@echo "make states  write docs/assessment-states.md again"
	@echo "make assets  build the stylesheet and the fonts"
	@echo "make lock    write the requirement locks again"

run: debian-run staticfiles/.stamp
	@exec $(MANAGE) serve

demo: debian-run static/build/.stamp
	@env -u DATABASE_URL -u BROKER_URL -u CACHE_URL EMBEDDED=1 \
		REPORTS_AN_HOUR=100 DATA_DIR=$(CURDIR)/var/demo $(MANAGE) demo

test: debian-test $(BIN)/.dev staticfiles/.stamp
	@$(BIN)/python -m tests.everything

fast: debian-run $(BIN)/.dev static/build/.stamp
	@$(BIN)/python -m pytest -n logical -m "not slow and not fault and not journey"

# What a busy machine would get wrong, or would take too long at.
torture: debian-test $(BIN)/.dev static/build/.stamp
	@$(BIN)/python -m pytest -n 0 -m clock
	@$(BIN)/python -m tests.on_postgres -n 0 -m "clock and database"

bench: debian-test $(BIN)/.dev static/build/.stamp
	@held=0; for part in tests.bench.reports tests.bench; do \
		$(BIN)/python -W ignore -m $$part || held=1; done; exit $$held

bench-reports: debian-test $(BIN)/.dev static/build/.stamp
	@$(BIN)/python -W ignore -m tests.bench.reports

PYTHON_FILES := git ls-files -z --cached --others --exclude-standard -- '*.py'
TEMPLATES := git ls-files -z --cached --others --exclude-standard -- 'templates/*.html'

check: debian-run $(BIN)/.dev
	@mkdir -p .cache
	@$(MAKE) --no-print-directory --keep-going --jobs 2 $(CHECKS:%=check-%)
	@echo "Everything is in order: $(CHECKS)"

check-ruff:
	@$(BIN)/ruff check --quiet .

check-format:
	@$(BIN)/ruff format --check --quiet .

check-types:
	@$(BIN)/mypy --no-error-summary

check-imports:
	@$(BIN)/lint-imports --no-cache > .cache/imports 2>&1 || { cat .cache/imports; exit 1; }

check-templates:
	@$(TEMPLATES) | xargs -0 $(BIN)/djade --check --target-version 5.2

check-idioms:
	@$(PYTHON_FILES) | xargs -0 $(BIN)/django-upgrade --check --target-version 5.2

check-migrations:
	@$(MANAGE) makemigrations --check --dry-run

# As an installation would be, without a server to talk to.
check-deploy:
	@EMBEDDED=0 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		DATABASE_URL=postgres://nobody@localhost/nothing BROKER_URL=redis://localhost \
		ALLOWED_HOSTS=4pi.example PUBLIC_ADDRESS=https://4pi.example \
		CONTACT_EMAIL=help@4pi.example \
		$(MANAGE) check --deploy --fail-level WARNING > .cache/deploy 2>&1 || { cat .cache/deploy; exit 1; }

check-dependencies:
	@$(BIN)/deptry . > .cache/dependencies 2>&1 || { cat .cache/dependencies; exit 1; }

# Every page that anybody can reach: at most what a child of eleven reads with ease.
check-reading:
	@$(BIN)/python -m tests.reading_age

check-states:
	@$(MANAGE) assessment_states --check

# `make lock` notes what it read, so that this needs no registry.
check-locks:
	@git hash-object requirements/*.in | cmp -s - requirements/inputs \
		|| { echo "The requirements changed after the locks: make lock"; exit 1; }

# No file may name a registry's host, nor a folder of one developer's machine.
check-addresses:
	@! git grep --untracked -nIE '(pypi|pythonhosted|npmjs|debian)[.]org|(^|[^[:alnum:]_.~-])/(work|tmp|root)/' \
		|| { echo "These lines name a registry or a folder of one machine."; exit 1; }

fix: debian-run $(BIN)/.dev
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	@# Both end with 1 when they have changed something.
	@$(TEMPLATES) | xargs -0 $(BIN)/djade --target-version 5.2 || true
	@$(PYTHON_FILES) | xargs -0 $(BIN)/django-upgrade --target-version 5.2 || true

screenshots: debian-test $(BIN)/.dev staticfiles/.stamp
	@$(BIN)/python -m tests.screenshots

states: debian-run $(BIN)/.app
	@$(MANAGE) assessment_states

assets: static/build/.stamp

# For the Dockerfile, which does these two one after the other.
install: debian-run $(BIN)/.app

static: debian-run staticfiles/.stamp

debian-run debian-test:
	@requirements/debian $(@:debian-%=%)

# The virtual environment, and what is installed in it. Order-only on the Debian
# packages: without python3-venv there is no virtual environment.
$(BIN)/python: | debian-run
	@$(PYTHON) -m venv .venv

$(BIN)/.app: requirements/app.txt | $(BIN)/python
	@echo "Installing what the product needs (a minute or two, the first time)"
	@$(INSTALL) -r $<
	@touch $@

$(BIN)/.dev: requirements/dev.txt $(BIN)/.app
	@echo "Installing what the checks and tests need"
	@$(INSTALL) -r $<
	@touch $@

# The stylesheet and the fonts. The machine's own npm where it is new enough,
# else the one from the package registry, inside the virtual environment.
ASSETS := $(shell find static -path static/build -prune -o -type f -print 2> /dev/null)

node_modules/.stamp: package.json package-lock.json | $(BIN)/.app
	@echo "Installing what the stylesheet is built from"
	@requirements/npm ci --no-audit --no-fund --loglevel=error
	@touch $@

static/build/.stamp: build/fonts/.stamp $(ASSETS)
	@echo "Building the stylesheet"
	@requirements/npm run build --silent
	@mkdir -p $(@D) && touch $@

# A stamp beside the fonts themselves: without them a report would be set in others.
build/fonts/.stamp: node_modules/.stamp $(BIN)/.app
	@echo "Building the fonts of the report"
	@$(MANAGE) make_fonts
	@touch $@

staticfiles/.stamp: static/build/.stamp
	@$(MANAGE) collectstatic --noinput --clear --ignore scss --verbosity 0
	@touch $@

# The locks: every platform, hashes, and no registry's address.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

lock: $(BIN)/.dev
	$(COMPILE) requirements/app.in --output-file requirements/app.txt
	$(COMPILE) requirements/dev.in --constraint requirements/app.txt --output-file requirements/dev.txt
	$(COMPILE) requirements/assets.in --output-file requirements/assets.txt
	$(COMPILE) requirements/s3.in --constraint requirements/app.txt --output-file requirements/s3.txt
	git hash-object requirements/*.in > requirements/inputs
