"""The golden cases do what the interpreter says. That what is written is what the compiler makes, `make check` says."""

import re
from pathlib import Path
from typing import Any, Final

import pytest

from local.cli.catalogue import load_catalogue
from local.settings import ROOT
from stepweave.compiler import Compiled, compile_workflow
from stepweave.model.events import ErrorInfo
from tests.golden.cases import Case, cases
from tests.golden.running import Outputs, compiled_run, interpreted, told

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover: traced, they take twice as long

CASES: Final = cases()
RUN: Final = [case for case in CASES if (case.folder / "expected.json").is_file() and "not" not in case.run]
ELSEWHERE: Final = {
    "too_large": "needs megabytes: tests/core/compiler/test_compile.py",
    "unbounded_reference": "needs 300 nodes in a row: tests/core/compiler/test_compile.py",
    **dict.fromkeys(
        ("callee_unavailable", "callee_input_missing", "callee_input_unknown", "callee_input_type"),
        "what another workflow has published says it: tests/api/test_callees.py",
    ),
    "trigger_refused": "a provider says it, not the compiler: tests/api/test_registrations.py",
}


@pytest.mark.parametrize("optimise", [0, 1])
@pytest.mark.parametrize("case", RUN, ids=lambda case: case.name)
def test_the_machine_does_what_the_interpreter_says(case: Case, optimise: int) -> None:
    compiled = compile_workflow(case.text, load_catalogue(), case.options(optimise))
    assert isinstance(compiled, Compiled)
    meant, ran = interpreted(case), compiled_run(case, compiled)
    assert ran.error == (meant.error and meant.error["type"])
    if meant.error is None:
        assert ran.outputs == told(case, meant.runs)
        for error in _errors(ran.outputs):
            assert ErrorInfo.__required_keys__ <= set(error) <= set(ErrorInfo.__annotations__)


def _errors(outputs: Outputs) -> list[Any]:
    """Return the errors of the error items among some outputs."""
    items = [item["json"] for output in outputs.values() for found in output.values() for item in found]
    return [item["error"] for item in items if isinstance(item.get("error"), dict)]


def test_each_case_says_what_it_shows() -> None:
    assert len(CASES) >= 60
    assert all(re.fullmatch(r"[A-Z][^\n|]+[.:][^\n|]*\.?", case.sentence) for case in CASES)


def test_every_diagnostic_is_shown() -> None:
    reference = (ROOT / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", reference, re.MULTILINE))
    shown = {code for case in CASES for code in _codes(case.folder)}
    assert documented - shown == set(ELSEWHERE)


def _codes(folder: Path) -> set[str]:
    texts = [
        (folder / name).read_text(encoding="utf-8")
        for name in ("expected.json", "diagnostics.json")
        if (folder / name).is_file()
    ]
    return {code for text in texts for code in re.findall(r'"code": "(\w+)"', text)}
