"""Whether a node stops: what a debug run wants, and what came in."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stepweave.expressions import ExpressionError
from stepweave.expressions.evaluator import Evaluator
from stepweave.expressions.scope import Scope
from stepweave.model.items import Batch, Item
from stepweave.runtime.errors import NodeError
from stepweave_data.debugging import is_stepped, template_of

MOST_ITEMS: Final = 200
"""Of which a condition is asked."""
SECONDS: Final = 1.0
"""Of the processor, for one item."""
MOST_SECONDS: Final = 10.0
"""For all conditions of a node together: well below what the function has."""
MOST_BYTES: Final = 1024**2
"""Of what a condition gives."""


@dataclass(frozen=True)
class Run:
    """What a debug run wants (`stepweave_data.models.DebugRun`)."""

    breakpoints: list[dict[str, Any]]
    on_error: bool
    stepped: frozenset[str]
    stop_seconds: int


@dataclass(frozen=True)
class Arrived:
    """What is about to go into a node: `inputs` by port, each batch with whose output it is (`Batch.of`)."""

    node_id: str
    iteration: str
    inputs: Mapping[str, list[Batch]]
    failed: bool = False

    def batches(self) -> Iterator[tuple[str, Batch]]:
        """Return the batches with the ports that they go into."""
        for port, found in self.inputs.items():
            for batch in found:
                yield port, batch


@dataclass(frozen=True)
class Why:
    """Why a node stops. `breakpoint` is there where one says so, `item` where a condition holds for it.

    `problem` says what is wrong with the condition: what cannot be asked stops, so that nobody waits in vain.
    """

    reason: str
    breakpoint: dict[str, Any] | None = None
    item: int | None = None
    problem: str = ""


Fetch = Callable[[Batch], list[Item]]
"""Returns a batch's items. Raises NodeError."""
About = Callable[[], Mapping[str, Any]]


def why(
    run: Run,
    arrived: Arrived,
    fetch: Fetch,
    about: About,
    clock: Callable[[], float] = time.monotonic,
) -> Why | None:
    """Return why a node stops; None where it does not.

    Args:
        run: what is wanted.
        arrived: the node, and its items.
        fetch: returns a batch's items. May raise NodeError.
        about: gives `workflow`, `execution` and `variables`, as expressions see them.
        clock: tells seconds.
    """
    if arrived.failed:
        return Why("error") if run.on_error else None
    until = clock() + MOST_SECONDS
    for one in run.breakpoints:
        batches = _batches_at(one, arrived)
        if batches is None:
            continue
        reason = "edge" if "edge" in one else "node"
        condition = template_of(one.get("condition") or "")
        if not condition.strip():
            return Why(reason, one)
        found = _holds(condition, batches, fetch, arrived.iteration, about, lambda: clock() > until)
        if found is not None:
            item, problem = found
            return Why(reason, one, item, problem)
    sources = [batch["of"][0] for _, batch in arrived.batches()]
    return Why("step") if is_stepped(sources, arrived.iteration, run.stepped) else None


def _batches_at(breakpoint: Mapping[str, Any], arrived: Arrived) -> list[Batch] | None:
    """Return the items that a breakpoint is about; None where it is about another node, or nothing came that way."""
    edge = breakpoint.get("edge")
    if edge is None:
        return [batch for _, batch in arrived.batches()] if breakpoint["nodeId"] == arrived.node_id else None
    if edge["target"] != arrived.node_id:
        return None
    wanted = (edge["targetPort"], [edge["source"], edge["sourcePort"]])
    return [batch for port, batch in arrived.batches() if (port, batch["of"]) == wanted] or None


def _holds(
    condition: str, batches: list[Batch], fetch: Fetch, iteration: str, about: About, is_late: Callable[[], bool]
) -> tuple[int | None, str] | None:
    """Return the first item for which a condition holds, or what is wrong with it; None where it holds for none."""
    try:
        items = [item for batch in batches for item in fetch(batch)]
    except NodeError as error:
        return None, f"The items that it is about could not be read: {error.message}"
    bare: list[Item] = [{"json": item["json"]} for item in items]
    scope = Scope.of_outputs(bare, {}, iteration=iteration, **about())
    evaluator = Evaluator(scope, seconds=SECONDS, most_bytes=MOST_BYTES, apart=True)
    for index in range(min(len(bare), MOST_ITEMS)):
        if is_late():
            return index, f"It took longer than {MOST_SECONDS:.0f} seconds, and was asked of {index:,} items only."
        try:
            value = evaluator.evaluate(condition, index)
        except ExpressionError as error:
            return index, error.message
        if value and value != "false":
            return index, ""
    return None
