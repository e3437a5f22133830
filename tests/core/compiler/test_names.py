"""No pass of the compiler knows a node type's name, nor does what says what a graph means."""

import ast
from collections.abc import Iterator
from pathlib import Path

from functions.nodes.catalogue import catalogue
from local.settings import ROOT

CORE = ROOT / "layers/core/src/stepweave"
KINDS = ("compiler/kinds", "compiler/lowerings", "runtime/interpreter/kinds")
"""What may know the parameters of the node types that it is for."""
OTHERWISE = {"code", "text", "validate"}
"""What a node type is called, and something else, too: kinds of form fields and of values, a function."""


def test_no_pass_has_the_name_of_a_node_type() -> None:
    types = set(catalogue().types()) - OTHERWISE
    named = {
        f"{file.relative_to(CORE)}: {text}"
        for folder in ("compiler", "runtime/interpreter")
        for file in sorted((CORE / folder).rglob("*.py"))
        if not str(file.relative_to(CORE)).startswith(KINDS)
        for text in _texts(file)
        if text in types
    }
    assert named == set()


def _texts(file: Path) -> Iterator[str]:
    """Yield the texts that a file compares with or hands on: all but keys of dictionaries and of payloads."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    keys = {id(key) for one in ast.walk(tree) if isinstance(one, ast.Dict) for key in one.keys}
    keys |= {id(one.slice) for one in ast.walk(tree) if isinstance(one, ast.Subscript)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in keys:
            yield one.value
