"""What the debugger's function and the API both know of debug runs: how node runs are named, and what stepping leaves.

A node stops by stepping where a node run that its items are from was left by a step. So each branch, and each round of
a loop, is stepped through by itself. A loop's node is left as the last node of its round was, and a node that does not
run (its output is pinned) as the one before it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

STEP: Final = "step"
RUN: Final = "run"
SKIP: Final = "skip"
FAIL: Final = "fail"
LEAVES: Final = frozenset((STEP, SKIP))
"""The actions behind which the next node stops."""


def run_key(node_id: str, iteration: str) -> str:
    """Return what a node run is called in `debug_runs.stepped`."""
    return f"{node_id}/{iteration}"


def left_with(node_id: str, iteration: str, details: Mapping[str, Any]) -> list[str]:
    """Return the node runs that are left when a node is let go: it, what only hands on, loops whose rounds it ends.

    Args:
        node_id: the node.
        iteration: the round that it is in.
        details: what its stop was told: `handsTo`, `leadsBack`.
    """
    around = iteration.rpartition(".")[0]
    inside = (run_key(one, iteration) for one in (node_id, *details.get("handsTo", ())))
    return [*inside, *(run_key(loop, around) for loop in details.get("leadsBack", ()))]


def skipped_event_id(execution_id: str, node_id: str, iteration: str) -> str:
    """Return the id of the event that tells of a node which was passed over."""
    return f"{execution_id}-{node_id}-skipped-{iteration}"


def is_stepped(sources: Iterable[str], iteration: str, stepped: frozenset[str]) -> bool:
    """Whether any of the nodes that items are from was left by a step, in this round or one around it."""
    return any(key in stepped for source in sources for key in _keys(source, iteration))


def _keys(node_id: str, iteration: str) -> Iterator[str]:
    while iteration:
        yield run_key(node_id, iteration)
        iteration = iteration.rpartition(".")[0]
    yield run_key(node_id, "")


def template_of(condition: str) -> str:
    """Return a breakpoint's condition as a template: people write the expression alone, or with braces around it."""
    return condition if "{{" in condition or not condition.strip() else f"{{{{ {condition} }}}}"
