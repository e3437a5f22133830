"""What to try, and what to try next where the machine that came of it is too large.

How large a definition becomes is known when it is there. So the compiler tries: first as its estimate says; then
without lowering, which must never be what makes a machine too large; then in smaller and smaller machines.
"""

import json
from dataclasses import dataclass, replace
from typing import Final

from stepweave.compiler.analyse import Analysed
from stepweave.compiler.analyse.graph import Graph
from stepweave.compiler.masks import bits
from stepweave.compiler.optimise.budgets import BUDGET
from stepweave.compiler.optimise.limits import DEFINITION_BYTES
from stepweave.compiler.optimise.plan import Plan

_STEP_BYTES: Final = 720
"""A Task with its retries, its input and its assignment (measured over the benchmark's workflows)."""
_GUARD_BYTES: Final = 270
"""A Choice before a branch, or half of one with the Parallel state behind it (measured over the same)."""
_FILLED: Final = 0.8
"""How full machines are made that are split because one was too large: their sizes are estimates."""
_FEWEST: Final = 8
"""With so few nodes in a machine it is not their number that makes it large."""


@dataclass(frozen=True)
class Attempt:
    """How to make a machine of a graph.

    Attributes:
        lower: whether nodes run without their function where the machine can do the same.
        most: the most nodes of one machine, what is more becoming nested machines; 0 for all in one.
    """

    lower: bool
    most: int = 0


def first(analysed: Analysed, level: int) -> Attempt:
    """Return what to try first, at an optimisation level."""
    expected = expected_bytes(analysed.graph)
    if analysed.kind == "EXPRESS" or expected <= DEFINITION_BYTES:
        return Attempt(level > 0)
    return Attempt(level > 0, int(len(analysed.graph.nodes) * _FILLED * DEFINITION_BYTES / expected))


def fits(plan: Plan, size: int) -> bool:
    """Return whether a plan has a machine that Step Functions takes: its definition and its history."""
    return size <= DEFINITION_BYTES and (plan.kind == "EXPRESS" or plan.events <= BUDGET)


def following(attempt: Attempt, plan: Plan, size: int) -> Attempt | None:
    """Return what to try after an attempt whose machine does not fit; None where nothing helps.

    Args:
        attempt: what was tried.
        plan: what came of it.
        size: the bytes of its largest definition.
    """
    if plan.lowered.programs:
        return Attempt(lower=False)
    most = int((attempt.most or len(plan.graph.nodes)) * min(_FILLED, _FILLED * DEFINITION_BYTES / size))
    return None if plan.kind == "EXPRESS" or most < _FEWEST else replace(attempt, most=most)


def spare_bytes(graph: Graph) -> int:
    """Return the bytes that lowering may add to a definition."""
    return int(_FILLED * DEFINITION_BYTES) - expected_bytes(graph)


def expected_bytes(graph: Graph) -> int:
    """Return about how large the definition of a graph is, before it is made."""
    total = 0
    for node, document in enumerate(graph.nodes):
        size = _STEP_BYTES + len(json.dumps(document.params))
        doubtful = [port for port in bits(graph.in_ports[node]) if not graph.always[graph.ports[port][0]] >> port & 1]
        # Where a branch may not run, a Choice asks; where it may well run alone, its steps are there twice.
        total += 2 * size + _GUARD_BYTES if len(doubtful) == 1 else size
    return total
