"""Finds among random graphs are kept at once, the smallest of them, and can be run again."""

import json
from pathlib import Path
from typing import Any

import pytest

from stepweave.compiler import CompileOptions
from tests.conformance.drawing import Drawing, options_of, told


def test_the_smallest_find_is_kept(tmp_path: Path) -> None:
    drawing = Drawing("whole", 100, "7", tmp_path)

    def check(**found: Any) -> None:
        with drawing.one(**found):
            assert found["document"] == "", "it differs"

    check(document="")
    for document in ("large graph", "small", "another large graph"):
        with pytest.raises(AssertionError):
            check(document=document)
    kept = json.loads((tmp_path / "whole-7.json").read_text(encoding="utf-8"))
    assert kept["document"] == "small"
    assert "it differs" in kept["error"]


def test_options_are_the_same_when_they_are_read_again() -> None:
    options = CompileOptions("p", 1, frozenset({"a"}), frozenset({"b", "c"}), "d")
    assert options_of(json.loads(json.dumps(told(options)))) == options
