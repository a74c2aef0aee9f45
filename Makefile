# The two commands: `make serve` builds the graph and serves it, `make test` passes the tests.
# Both set up what they need in .venv first. Settings: PYTHON=python3.12 make serve, PORT=8001 make serve.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: serve build test coverage lint clients screenshots lock clean

serve: build
	$(BIN)/kg serve --port $(PORT)

build: .venv/run
	$(BIN)/kg build

# Two processes, file by file in their order: the browser's, which take longest, come first.
test: .venv/dev
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# Counting every line and branch makes what is Python alone two and a half times as slow.
coverage: .venv/dev
	$(BIN)/pytest --cov --cov-report=term:skip-covered

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# What tests have from npm: the clients of tests/clients, and axe-core for tests/browser. A test without is skipped.
clients: tests/clients/node_modules/.package-lock.json

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json
	npm ci --loglevel=error --prefix tests/clients
	touch $@

# The pictures of the README, by the system's Chromium (docs/screenshots.py).
screenshots: build .venv/dev
	$(BIN)/python docs/screenshots.py

# Versions are locked with hashes; our own package is installed in place, without looking for anything else but the
# front-end packages (frontend/README.md).
.venv/run: requirements.lock pyproject.toml hatch_build.py frontend/package-lock.json
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

.venv/dev: requirements-dev.lock .venv/run
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras -q \
	    pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras -q \
	    --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv snapshots dist server/static/packages
