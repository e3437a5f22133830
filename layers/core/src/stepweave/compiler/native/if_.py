"""The if node: the items that meet its conditions, and the others."""

from collections.abc import Mapping
from typing import Any

from stepweave.compiler.native.native import Program
from stepweave.compiler.native.sorting import two_ways


def program(params: Mapping[str, Any]) -> Program | None:
    """Return how the node is lowered; None where its conditions are more than paths and literals."""
    return two_ways(params, "true", "false")
