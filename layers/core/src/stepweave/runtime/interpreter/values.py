"""What the interpreter works with: runs, inputs, outputs, failures, and batches of items that are all here."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stepweave.model.items import Batch, Item, NodeOutput
from stepweave.model.workflow import Node, OnError
from stepweave.spec.catalogue import CatalogueEntry

ERROR_PORT: Final = "error"
Inputs = Mapping[str, list[Batch]]
"""Input port -> the batches of its live edges, in edge order."""
Outputs = Mapping[str, NodeOutput | None]
"""Node id -> its live ports; None for a node that did not run."""


@dataclass(frozen=True)
class Run:
    """One attempt at a node: its round ("" outside loops), which attempt, and the outputs of what came before it."""

    iteration: str
    attempt: int
    outputs: Outputs


RunNode = Callable[[Node, Inputs, Run], Awaitable[NodeOutput]]
"""What a node does: inputs to live output ports. Raises NodeFailed."""
Until = Callable[[Node, list[Item], int, Run], Awaitable[bool]]
"""Whether a loop has what it waits for, by the items that came back from a round, and its number from 0."""

Split = Callable[[Node, list[Item], Run], Awaitable[list[list[Item]]]]
"""The batches that a loop makes of its items. Raises NodeFailed."""


@dataclass(frozen=True)
class Called:
    """A part of a node's body that a turn calls: the node that begins it, and what enters it."""

    first: str
    items: list[Item]


@dataclass(frozen=True)
class Result:
    """What came of a call: the items of the part's last nodes, or the error that ended it."""

    items: list[Item]
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Turn:
    """A turn: its number from 0, the node's items, and the results of what the turn before called, in its order."""

    number: int
    items: list[Item]
    results: list[Result]


@dataclass(frozen=True)
class Calls:
    """What a turn gives: what it calls, maybe nothing, where `output` is None; else what the node ends with."""

    calls: list[Called]
    output: NodeOutput | None = None


TakeTurn = Callable[[Node, Turn, Run], Awaitable[Calls]]
"""What an agent's turn does. Raises NodeFailed."""


class NodeFailed(Exception):
    """A node failed. `error` is what an error item holds (`ErrorInfo`); its `type` says whether it is retried.

    `node` is the failed node, once that is known to end the execution. `items` are those that error items stand for,
    where they are not the node's input.
    """

    def __init__(self, error: Mapping[str, Any], items: list[Item] | None = None) -> None:
        super().__init__(str(error))
        self.error = dict(error)
        self.items = items
        self.node: Node | None = None


def failure_port(node: Node, entry: CatalogueEntry) -> str | None:
    """Return the port that error items of a node's failure take; None where it ends the execution, or the round."""
    if node.settings.on_error is OnError.BRANCH or entry.output(ERROR_PORT) is not None:
        return ERROR_PORT
    ports = entry.ports(node.params)
    return ports[0].name if node.settings.on_error is OnError.CONTINUE and ports else None


def with_error(items: list[Item], failure: NodeFailed) -> list[Item]:
    """Return items with a failure's error in each; it names the node that failed, where that is another one."""
    error = failure.error
    if failure.node is not None:
        error = {**error, "node": {"id": failure.node.id, "name": failure.node.name}}
    return [{**item, "json": {**item["json"], "error": error}} for item in items]


def items_of(batches: list[Batch]) -> list[Item]:
    """Return the items of batches, one after another."""
    return [item for batch in batches for item in batch["items"]]


def batch_of(items: list[Item]) -> Batch:
    """Return items as a batch."""
    return {"count": len(items), "items": items}
