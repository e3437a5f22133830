"""The pages of docs/security name tests: each is there, and each door has all six kinds of threats."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from local.settings import ROOT

PAGES: Final = sorted((ROOT / "docs/security").glob("*.md"))
TEST: Final = re.compile(r"`((?:tests|web/e2e)/[\w./-]+?)(?:::([^`]+))?`")


@cache
def names_in(path: Path) -> set[str]:
    """Return the names of a file's tests."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ts":
        return set(re.findall(r'^test\("((?:[^"\\]|\\.)+)"', text, re.M))
    return {one.name for one in ast.parse(text).body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_test_that_a_page_names_is_there(page: Path) -> None:
    named = TEST.findall(page.read_text(encoding="utf-8"))
    assert len(named) > 15
    gone = {
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or (name and name not in names_in(ROOT / path))
    }
    assert gone == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_row_names_a_test(page: Path) -> None:
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [row for row in rows if not re.match(r"\| (-+|id|kind|what) \|", row)]
    assert [row for row in rows if "`tests/" not in row and "`web/e2e/" not in row] == []


def test_each_door_has_all_six_kinds_of_threats() -> None:
    text = (ROOT / "docs/security/threat-model.md").read_text(encoding="utf-8")
    doors = {part.splitlines()[0]: part for part in text.split("\n## ")[1:]}
    assert len(doors) > 10
    kinds = {door: re.findall(r"^\| ([STRIDE]) \|", part, re.M) for door, part in doors.items()}
    assert {door for door, found in kinds.items() if set(found) != set("STRIDE")} == set()
