"""Nodes whose result is what came in."""

from collections.abc import Mapping, Sequence
from typing import Any

from stepweave.compiler.native.lowering import Lowering, Program
from stepweave.compiler.native.passing import passed_on


def program(params: Mapping[str, Any], ports: Sequence[str]) -> Program:
    """Return how the node is lowered, whatever its parameters."""
    return passed_on


LOWERING = Lowering("pass", program)
