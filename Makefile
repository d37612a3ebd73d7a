# CardFleet. `make demo` and `make test` need Python 3.11 or later, make and the network, nothing else.

PYTHON ?= python3
export CARDFLEET_HOME ?= var
export HOST ?= 127.0.0.1
export PORT ?= 8000
# What pytest is told, as in: make test PYTEST="tests/cards -x"
PYTEST ?= -n 3 --dist worksteal
# What the benchmarks are told, as in: make bench BENCH="--scale 0.1 --only G3,G5"
BENCH ?=
# What the trial by faults is told, as in: make chaos CHAOS="--minutes 5 --seed 7"
CHAOS ?=
# What the trial under load is told, as in: make load LOAD="--minutes 1 --supervisors 30 --agents 500 --cards 2000"
LOAD ?=
# What the trial by damaged files is told, as in: make fuzz FUZZ="--inputs 100000 --seed 7 --only cards,bills"
FUZZ ?=

BIN := .venv/bin
WITH_SERVERS := $(BIN)/python -m cardfleet.embedded run

.PHONY: help demo test check checks bench chaos load fuzz stop assets messages lock environment install

help:
	@echo "make demo    start CardFleet with a demo fleet on http://$(HOST):$(PORT)"
	@echo "make test    run all tests"
	@echo "make check   style, types, layers, migrations, translations, deployment"
	@echo "make bench   measure, beside the least the work could cost (bench/README.md); BENCH=\"--scale 0.1 --only G3\""
	@echo "make chaos   break processes and other ends under load and prove that nothing is lost (docs/reliability.md); CHAOS=\"--minutes 5\""
	@echo "make load    a company at work for ten minutes, and how it was answered (docs/scaling.md); LOAD=\"--minutes 1\""
	@echo "make fuzz    a million damaged files for the parsers (docs/reliability.md); FUZZ=\"--inputs 100000\""
	@echo "make stop    end the embedded servers of $(CARDFLEET_HOME)"
	@echo "make assets  fetch and copy the pages' third-party files"
	@echo "make lock    lock the requirements again"

demo: environment assets messages
	@exec $(BIN)/python -m cardfleet.demo

test: environment assets messages
	@exec $(WITH_SERVERS) $(BIN)/pytest $(PYTEST)

check: environment assets messages
	@exec $(WITH_SERVERS) $(MAKE) --no-print-directory checks

checks:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_migrations
	$(BIN)/python manage.py check_translations
	$(BIN)/python manage.py check_docs
	$(BIN)/python manage.py check_schema
	CARDFLEET_DEMO=false SECURE_SSL_REDIRECT=true ALLOWED_HOSTS=cardfleet.example \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: environment assets messages
	@exec $(WITH_SERVERS) $(BIN)/python -m bench $(BENCH)

chaos: environment assets messages
	@exec $(BIN)/python -m chaos $(CHAOS)

load: environment assets messages
	@exec $(BIN)/python -m load $(LOAD)

fuzz: environment messages
	@exec $(BIN)/python -m tests.fuzz $(FUZZ)

stop: environment
	@$(BIN)/python -m cardfleet.embedded stop

assets: environment
	@$(BIN)/python -m cardfleet.assets

messages: environment
	@$(BIN)/pybabel --quiet compile --domain django --directory locale

lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--no-annotate --python-version 3.11 requirements/base.in --output-file requirements/base.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--no-annotate --python-version 3.11 requirements/dev.in --output-file requirements/dev.txt
	npm install --package-lock-only

# Installs only when the lock file differs from the one that was installed.
environment:
	@cmp -s requirements/dev.txt .venv/installed.txt || $(MAKE) --no-print-directory install

install:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "CardFleet needs Python 3.11 or later: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python cannot make .venv; on Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@cp requirements/dev.txt .venv/installed.txt
