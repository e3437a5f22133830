# Two commands matter: `make up` and `make test`. Everything they need is set up by local/bootstrap.py, once.
PYTHON ?= python3
RUN = @$(PYTHON) local/bootstrap.py run
.DEFAULT_GOAL := help
.PHONY: help setup up down reset test soak check audit format generate examples bench conformance fuzz

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: ## Make the environments and build the web app
	@$(PYTHON) local/bootstrap.py setup

up: ## Start everything on this machine, run the main job, serve (ONCE=1 ends after the job)
	@$(PYTHON) local/bootstrap.py up $(if $(ONCE),--once) $(if $(NOJOB),--no-job)

down: ## End a Stepweave that serves
	$(RUN) python -m local.up --down

reset: ## End it and clear its state
	$(RUN) python -m local.up --reset

test: ## All tests: Python with coverage, web, browser
	$(RUN) python -m local.testing

soak: ## 200 executions while things break; ONLY=ends: random graphs that all must end (COUNT=2000)
	@$(if $(COUNT),STEPWEAVE_SOAK_COUNT=$(COUNT)) $(PYTHON) local/bootstrap.py run python -m local.testing --soak $(or $(ONLY),live)

fuzz: ## Requests that nobody would write, to every operation as each role; COUNT=20 of each
	@STEPWEAVE_FUZZ_EXAMPLES=$(or $(COUNT),20) $(PYTHON) local/bootstrap.py run pytest -q tests/api/fuzz

check: ## The fast gate: format, lint, types, imports, stale generated files
	$(RUN) python -m local.checking

format: ## Format and mend what can be mended
	$(RUN) ruff format .
	$(RUN) ruff check --fix .
	$(RUN) npm run format --prefix web

generate: ## Write the generated files: catalogue, nodes' pages, golden cases, OpenAPI document, tables, web API client
	$(RUN) python -m functions.nodes.generate
	$(RUN) python -m tests.golden.update
	$(RUN) python -m api.openapi
	$(RUN) python -m local.tables
	$(RUN) npm run generate --prefix web

examples: ## Record the examples of the OpenAPI document from the API's tests, and write the document
	$(RUN) python -m tests.api.examples
	@$(MAKE) generate

audit: ## Known vulnerabilities of the locked packages (needs the network; `make check` does not)
	uv export --frozen --no-emit-workspace --quiet | uvx pip-audit --strict --requirement /dev/stdin --disable-pip --require-hashes
	npm audit --prefix web --audit-level=high

bench: ## Benchmarks as JSON on the last line (ONLY=A,E picks; M: memory; N: beside n8n, 2.3 GB from npm)
	$(RUN) python -m benchmarks $(if $(ONLY),--only $(ONLY))

conformance: ## Thousands of random graphs, and the golden cases on two engines (minutes)
	$(RUN) python -m local.conformance
