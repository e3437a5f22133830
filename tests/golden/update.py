"""Writes what the compiler makes of the golden cases, and the table of them.

python -m tests.golden.update           write the files
python -m tests.golden.update --check   exit 1 when one is stale
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local.cli.catalogue import load_catalogue
from stepweave.compiler import Compiled, compile_workflow
from tests.golden.cases import FOLDER, Case, cases
from tests.golden.running import compiled_run, interpreted

HEAD = """\
# Golden cases

Each folder is a workflow and what the compiler makes of it: `expected.json` (the machine, and its figures at -O0 and
-O1 when it is run) or `diagnostics.json`. `python -m tests.golden.update` writes them and this table; `make check`
compares.

| case | what it shows | transitions per node, -O0 / -O1 | invocations per node, -O1 |
| --- | --- | --- | --- |
"""


def files_of(case: Case) -> tuple[dict[str, str | None], dict[str, Any] | None]:
    """Return what a case's generated files should hold (None for one that should not be there), and its figures."""
    results = [compile_workflow(case.text, load_catalogue(), case.options(level)) for level in (0, 1)]
    plain, optimised = results
    if not isinstance(plain, Compiled) or not isinstance(optimised, Compiled):
        found = [diagnostic.to_json() for diagnostic in optimised.diagnostics]
        return {"diagnostics.json": _text({"diagnostics": found}), "expected.json": None}, None
    figures = None if "not" in case.run else {"O0": figures_of(case, plain), "O1": figures_of(case, optimised)}
    expected: dict[str, Any] = {
        "type": optimised.type,
        "warnings": [diagnostic.to_json() for diagnostic in optimised.diagnostics],
        "stats": figures,
        "states": optimised.states,
        "definition": optimised.definition,
    }
    if optimised.machines:
        expected["machines"] = {part.placeholder: part.definition for part in optimised.machines}
    return {"expected.json": _text(expected), "diagnostics.json": None}, figures


def figures_of(case: Case, compiled: Compiled) -> dict[str, int]:
    """Return how many nodes a run executes (each round counts), and what that takes."""
    ran = compiled_run(case, compiled)
    disabled = {node.id for node in case.workflow.nodes if node.settings.disabled}
    executed = sum(
        output is not None and node_id not in disabled for (node_id, _), output in interpreted(case).runs.items()
    )
    return {
        "nodes": executed,
        "transitions": ran.transitions,
        "invocations": ran.invocations,
        "events": ran.events,
    }


def generated() -> dict[Path, str | None]:
    """Return every generated file with its text, None for one that should not be there."""
    files: dict[Path, str | None] = {}
    rows = []
    for case in cases():
        made, figures = files_of(case)
        files |= {case.folder / name: text for name, text in made.items()}
        rows.append(f"| `{case.name}` | {case.sentence} | {_shares(figures)} |\n")
    files[FOLDER / "README.md"] = HEAD + "".join(rows)
    return files


def _shares(figures: dict[str, dict[str, int]] | None) -> str:
    if figures is None:
        return "| "
    plain, optimised = (figures[level]["transitions"] / max(1, figures[level]["nodes"]) for level in ("O0", "O1"))
    return f"{plain:.2f} / {optimised:.2f} | {figures['O1']['invocations'] / max(1, figures['O1']['nodes']):.2f}"


def _text(data: Any) -> str:
    return json.dumps(data, indent=1) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with `--check` compare them. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden.update", description="Write the golden cases.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    check = parser.parse_args(arguments).check
    stale = []
    for file, text in generated().items():
        if (file.read_text(encoding="utf-8") if file.is_file() else None) == text:
            continue
        stale.append(file.relative_to(FOLDER))
        if check:
            continue
        if text is None:
            file.unlink()
        else:
            file.write_text(text, encoding="utf-8")
    for file in stale:
        sys.stderr.write(f"{file} {'is stale' if check else 'written'}\n")
    if check and stale:
        sys.stderr.write("Run: python -m tests.golden.update\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
