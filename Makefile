# The chores, in the order a newcomer meets them. The environment is made once, and again only when what it is made of changes.
PYTHON ?= python3
# Processes that run tests: twice as many as there are cores, for most tests wait for a server, a clock or a disk.
TESTERS ?= $(shell echo $$((2 * $$(nproc))))
BIN := .venv/bin
# Twice quiet: errors alone are printed, no warnings of places in the user's pip.conf that do not exist.
QUIET := --quiet --quiet --disable-pip-version-check
PIP := $(BIN)/python -m pip install $(QUIET) --constraint constraints.txt
MADE_OF := pyproject.toml constraints.txt

run: .venv/.served
	@exec $(BIN)/feedsite serve

# Keeps compiled modules, whatever the environment says: tests start several hundred Python processes.
test: .venv/.tested
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(TESTERS) --dist worksteal

# Feed readers read a served site (tests/readers/); what the system does not have is skipped, and named at the end.
readers: .venv/.tested .readers/.pypi .readers/.npm
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(TESTERS) --dist worksteal tests/readers

check: lint test

lint: .venv/.tested
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# Takes the bytes that tests/sample/ gives now as the right ones, and what the commands in docs/editing.md print now: read
# the difference before you commit it.
golden: .venv/.tested
	@$(BIN)/python -m tests.support.golden
	@$(BIN)/python -m tests.support.walk

# Brings the catalogues of messages, and their list in docs/languages.md, up to date with the sources.
words: .venv/.tested
	@$(BIN)/python -m tests.support.catalogues

# Brings docs/messages.md up to date with feedsite/explanations/.
messages: .venv/.tested
	@$(BIN)/python -m tests.support.messages

# feedsite beside nginx, Hugo and others, in some forty minutes; PARTS=speed runs one part (benchmarks/README.md).
bench: .venv/.tested
	@$(BIN)/python -m benchmarks $(PARTS)

# Newer versions of everything, written down for every platform.
constraints:
	uv pip compile --universal --no-header --no-annotate --extra dev --upgrade -o constraints.txt pyproject.toml

.venv/.served: $(MADE_OF)
	@echo "Making .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) --editable .
	@touch $@

.venv/.tested: .venv/.served
	@echo "Adding what the tests need to .venv (once) ..."
	@$(PIP) --editable ".[dev]"
	@touch $@

.readers/.pypi: .ci/readers.txt
	@echo "Adding feed readers to .readers (once) ..."
	@$(PYTHON) -m venv .readers
	@.readers/bin/pip install $(QUIET) --requirement .ci/readers.txt
	@touch $@

.readers/.npm: .ci/readers.npm .readers/.pypi
	@! command -v npm >/dev/null || { npm install --prefix .readers --no-save --loglevel=error --no-audit --no-fund $$(cat .ci/readers.npm) && touch $@; }

.PHONY: run test readers check lint golden words messages bench constraints
