# Every target sets up .venv by itself; a second run installs nothing.
# `make PYTHON=python3.12 test` chooses the interpreter, otherwise the first one that is new enough.

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check \
	--constraint .ci/constraints.txt
WRITTEN_BY_US := $(wildcard generated tests/snapshots/*/expected)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help generate docs docs-serve test lint sync snapshots digests oracle bench peers examples real samples constraints fuzz fuzz-kill fuzz-atheris pydantic-next clean

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## */  make \1\t/'

generate: $(VENV)/.installed ## Write generated/ from spec/
	$(BIN)/oasmith generate
	@echo 'For a document of your own: $(BIN)/oasmith generate DOCUMENT (see $(BIN)/oasmith --help)'

docs: $(VENV)/.installed-docs ## Build site/ from generated/docs; needs npm
	$(BIN)/python .ci/site.py generated site

docs-serve: docs ## Build site/ and serve it on this machine
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory site

test: lint ## Run every check, as CI does
	$(BIN)/pytest -n auto --dist loadgroup
	$(BIN)/oasmith generate --check

lint: $(VENV)/.installed-dev ## Run the static checks alone
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/ruff check --isolated --target-version py311 $(WRITTEN_BY_US)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python .ci/unasync.py --check

sync: $(VENV)/.installed-dev ## Make the sync half of the runtime from the async half
	$(BIN)/python .ci/unasync.py

snapshots: $(VENV)/.installed-dev ## Rewrite what tests/ expects of the output; review the diff
	$(BIN)/pytest -n auto --rewrite-snapshots tests/snapshots tests/errors

digests: $(VENV)/.installed-dev ## List the generated files that differ from those of another commit: AGAINST=HEAD~1
	git worktree add --force --detach build/digests/code $(or $(AGAINST),HEAD)
	$(BIN)/python tests/digests/digests.py record build/digests/old.json --code build/digests/code; \
		status=$$?; git worktree remove --force build/digests/code; exit $$status
	$(BIN)/python tests/digests/digests.py record build/digests/new.json
	$(BIN)/python tests/digests/digests.py compare build/digests/old.json build/digests/new.json

oracle: $(VENV)/.installed-dev ## Compare the models of every document of shared/ with JSON Schema
	$(BIN)/pytest tests/oracle --every-document

bench: $(VENV)/.installed-dev ## Measure runs and imports, beside a peer; prints ratios
	$(BIN)/python tests/benchmarks/generate.py
	$(BIN)/python tests/benchmarks/imports.py
	$(BIN)/python tests/benchmarks/client.py
	$(BIN)/python tests/benchmarks/site.py

peers: $(VENV)/.installed-dev ## Measure runs and their output beside three peers, installed for that
	$(BIN)/python tests/benchmarks/peers.py

examples: $(VENV)/.installed-dev ## Try the examples of every shared document; takes minutes
	EXAMPLES=1 $(BIN)/pytest tests/real/test_examples.py

samples: $(VENV)/.installed-dev ## Compare the samples of every shared document with what the client sends; takes minutes
	SAMPLES=1 $(BIN)/pytest tests/behaviour/docs/test_foreign_samples.py

real: $(VENV)/.installed-dev ## Try the packages of every shared document; takes minutes
	REAL=1 $(BIN)/pytest tests/real/test_packages.py

fuzz: $(VENV)/.installed-dev ## Try made-up documents without end: FUZZ="--cases 20000 --seed 1 --kind changed"
	PYTHONPATH=tests $(BIN)/python -P -m fuzz.run $(FUZZ)

fuzz-kill: $(VENV)/.installed-dev ## Kill runs at random moments: FUZZ="--kills 50"
	PYTHONPATH=tests $(BIN)/python -P -m fuzz.kill $(FUZZ)

fuzz-atheris: ## Try bytes on the reader and on event streams: FUZZ=-max_total_time=600
	$(or $(PYTHON),python3.11) -m venv build/atheris
	build/atheris/bin/python -m pip install --quiet atheris --editable .
	PYTHONPATH=tests build/atheris/bin/python -P -m fuzz.atheris_reader $(or $(FUZZ),-max_total_time=60)
	PYTHONPATH=tests build/atheris/bin/python -P -m fuzz.atheris_sse $(or $(FUZZ),-max_total_time=60)

pydantic-next: ## Test the models with the newest pydantic, pre-releases included
	.ci/venv build/pydantic-next $(PYTHON)
	build/pydantic-next/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
		--constraint .ci/constraints.txt --editable '.[dev]'
	build/pydantic-next/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
		--upgrade --pre pydantic
	build/pydantic-next/bin/python -c 'import pydantic; print("pydantic", pydantic.VERSION)'
	build/pydantic-next/bin/pytest -q tests/unit/runtime tests/snapshots/test_examples.py tests/behaviour/rules \
		tests/behaviour/client

constraints: ## Renew the pinned versions, for every supported interpreter
	.ci/constraints

clean: ## Remove .venv, caches and build products
	rm -rf $(VENV) build dist site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find generator tests generated -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment ---------------------------------------------------------------------------

$(VENV)/.installed: $(VENV)/pyvenv.cfg pyproject.toml .ci/constraints.txt
	$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-docs: $(VENV)/pyvenv.cfg pyproject.toml .ci/constraints.txt
	$(INSTALL) --editable '.[docs]'
	@touch $(VENV)/.installed $@

$(VENV)/.installed-dev: $(VENV)/pyvenv.cfg pyproject.toml .ci/constraints.txt
	$(INSTALL) --editable '.[dev]'
	@touch $(VENV)/.installed $(VENV)/.installed-docs $@

$(VENV)/pyvenv.cfg:
	.ci/venv $(VENV) $(PYTHON)

# An interpreter other than the one in .venv was asked for: begin anew.
ifneq ($(PYTHON),)
VERSION := -c 'import sys; print(sys.version)'
ifneq ($(shell ($(PYTHON) $(VERSION)) 2>/dev/null),$(shell ($(BIN)/python $(VERSION)) 2>/dev/null))
.PHONY: $(VENV)/pyvenv.cfg
endif
endif
