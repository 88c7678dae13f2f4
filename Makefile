# Every target a person needs; `make help` lists them.
SHELL := /bin/sh
GOV := .venv/bin/gov
PYTEST := .venv/bin/python -m pytest
# One more than there are cores, because tests of browsers and of processes mostly wait.
JOBS ?= $(shell expr $$(nproc) + 1)
# Some images forbid Python to keep what it compiled; each process of an instance and each worker would compile all anew.
unexport PYTHONDONTWRITEBYTECODE
ALONE = $$(grep -rl --include='test_*.py' 'mark\.alone' tests)

.DEFAULT_GOAL := help
.PHONY: help setup native run demo test check test-unit test-browser test-mutations test-installations test-properties test-bulk test-rabbitmq screenshots browser verapdf fuzz bench bench-quick bench-floor bench-advance bench-lint bench-migration bench-web chaos lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-19s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready .cache/fonts/.ready ## Make .venv with the `gov` command, and fetch the fonts (quick when nothing changed)

.venv/.ready: requirements.lock pyproject.toml deploy/setup.sh
	@deploy/setup.sh

.cache/fonts/.ready: deploy/fonts.sh deploy/debian-package.sh
	@deploy/fonts.sh .cache/fonts
	@touch $@

# It exits with 3 where there is nothing to compile with; the source runs then.
native: setup ## Compile the engine to machine code where there is a C compiler: less than a minute, once for a source
	@.venv/bin/python -m deploy.native || test $$? -eq 3

run: setup ## Start everything: databases, the sandbox province, web and workers; Ctrl-C stops it
	@exec $(GOV) dev $(if $(PORT),--port $(PORT))

demo: setup ## Drive the whole story over HTTP against a throw-away instance
	@$(GOV) demo

test: setup browser .cache/rabbitmq/.ready ## Run everything that must hold: rules, types, all tests
	@$(MAKE) -s -j2 --output-sync check native .cache/tests.compiled
	@if command -v java >/dev/null && command -v mvn >/dev/null; then timeout 180 $(MAKE) -s .cache/verapdf/greenfield-apps.jar || true; fi
	@$(PYTEST) -n $(JOBS) --dist loadgroup
	@$(PYTEST) -m alone $(ALONE)

# Once and beside the checks, since every worker would compile all tests for itself; what is wrong the tests tell.
.cache/tests.compiled: $(shell find tests -name '*.py') | setup
	-@$(PYTEST) --collect-only -q >/dev/null 2>&1
	@touch $@

.PHONY: style types items
check: style types items ## Run the style, type and import rules only

style: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports

types: setup
	@.venv/bin/mypy

items: setup
	@$(GOV) items lint --all
	@$(GOV) items format --check
	@$(GOV) items test --all

test-unit: setup ## Run the unit tests only (seconds, no services)
	@$(PYTEST) tests/unit -n $(JOBS)

test-browser: setup browser ## Run the browser journeys, and look at every page in every form
	@$(PYTEST) -n $(JOBS) --dist loadgroup -m "browser and not alone"
	@$(PYTEST) -m alone $(ALONE)

test-installations: setup ## Start whole installations, kill, move and start them again
	@$(PYTEST) -n $(JOBS) --dist loadgroup -m installations

screenshots: setup browser ## Make the pictures of the documents from a running throw-away portal
	@.venv/bin/python -m tests.acceptance.screenshots

test-mutations: setup ## Try every kind of one-line fault at every place of every item
	@.venv/bin/python -m tests.unit.workflows.dsl.mutations

test-properties: native ## Try every property with ten times as many examples (EXAMPLES times)
	@GOV_EXAMPLES=$(or $(EXAMPLES),10) $(PYTEST) -n $(JOBS) --dist loadgroup --timeout 1800 \
		$$(grep -rlE --include='test_*.py' 'import.* (given|TIMES)$$' tests)

test-bulk: setup ## Let one bulk act accept eight hundred cases while the desk goes on answering
	@GOV_BULK_CASES=800 $(PYTEST) -m alone tests/integration/workflows/test_bulk_load.py

test-api: setup ## Try every endpoint of the API with many more good and bad requests
	@GOV_API_EXAMPLES=100 $(PYTEST) tests/integration/api/test_conformance.py -n $(JOBS) --dist loadgroup --timeout 1800

test-rabbitmq: setup .cache/rabbitmq/.ready ## Let effects go through RabbitMQ, emptied and killed
	@$(PYTEST) tests/integration/workers/test_rabbitmq.py

.cache/rabbitmq/.ready: deploy/rabbitmq.sh deploy/debian-package.sh
	@deploy/rabbitmq.sh .cache/rabbitmq

browser:
	@deploy/browser.sh

verapdf: .cache/verapdf/greenfield-apps.jar ## Check sealed papers with veraPDF (needs Java and Maven)
	@$(PYTEST) tests/integration/documents tests/integration/licences -k verapdf -n0

.cache/verapdf/greenfield-apps.jar:
	@mvn -q dependency:copy -Dartifact=org.verapdf.apps:greenfield-apps:1.28.2 -DoutputDirectory=.cache/verapdf -Dmdep.stripVersion=true

bench: native ## Measure everything in one sitting beside its goal, peers included; a quarter of an hour
	@.venv/bin/python -m bench.suite

bench-quick: native ## Measure a form of everything in five minutes
	@.venv/bin/python -m bench.suite --quick

bench-floor: native ## Measure durable steps per second of one process and of two as shares of the database floor
	@.venv/bin/python -m bench.floor
	@.venv/bin/python -m bench.shares

bench-advance: native ## Measure the pure transition function
	@.venv/bin/python -m bench.advance

bench-lint: setup ## Measure the linter for each shipped item, and for 1,216 items as one run
	@.venv/bin/python -m bench.lint

bench-migration: native ## Measure how long 10,000 live cases take to move to a changed flow and back
	@.venv/bin/python -m bench.migration

chaos: native ## Let a load of cases run while everything is killed in turn, and check every case (SEED, CASES, KILLS)
	@SEED=$(SEED) CASES=$(CASES) KILLS=$(KILLS) .venv/bin/python -m tests.chaos

bench-web: native ## Measure pages and API as shares of bare Flask on the same server
	@.venv/bin/python -m bench.web

fuzz: setup ## Let atheris look for expressions that break the language (FUZZ_S seconds); installs atheris
	@.venv/bin/python -c 'import atheris' 2>/dev/null || .venv/bin/python -m pip install -q 'atheris>=2.3'
	@.venv/bin/python -m tests.fuzz.expressions -max_total_time=$(or $(FUZZ_S),60)

lock: setup ## Write requirements.lock anew from pyproject.toml, and deploy/requirements.lock for images
	@.venv/bin/pip-compile -q --all-extras --strip-extras --allow-unsafe --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
	@.venv/bin/python deploy/image_lock.py

clean: ## Remove everything that setup, run and test made
	rm -rf .venv .cache .run .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info build
