"""`make check`: format, lint, types, imports and stale generated files, in about a minute."""

import sys

from local.steps import PYTHON, Step, run_all

STEPS = (
    Step("types (mypy)", ("mypy", ".")),  # the longest first
    Step("web: types, format, lint, generated client", ("npm", "run", "check", "--prefix", "web")),
    Step("format (ruff)", ("ruff", "format", "--check", ".")),
    Step("lint (ruff)", ("ruff", "check", ".")),
    Step("imports (import-linter)", ("lint-imports",)),
    Step("lock file (uv)", ("uv", "lock", "--check", "--offline")),
    Step("catalogue and nodes' pages are current", (PYTHON, "-m", "functions.nodes.generate", "--check")),
    Step("nodes are whole", (PYTHON, "-m", "functions.nodes.checking")),
    Step("golden cases are current", (PYTHON, "-m", "tests.golden.update", "--check")),
    Step("OpenAPI document is current", (PYTHON, "-m", "api.openapi", "--check")),
    Step("no secrets in files", (PYTHON, "-m", "local.leaks")),
    Step("no locked package with a known fault", (PYTHON, "-m", "local.advisories")),
    Step("contracts' tables are current", (PYTHON, "-m", "local.tables", "--check")),
)

if __name__ == "__main__":
    sys.exit(run_all(STEPS, at_once=2))
