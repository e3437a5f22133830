"""What a lowered node is, and what a lowering must say of the nodes that it lowers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from stepweave.compiler.native.items import Inputs
from stepweave.model.workflow import Node, OnError
from stepweave.spec.catalogue import CatalogueEntry

LONGEST: Final = 6000
"""Characters of an expression above which a node is left to its function: definitions may have 1 MB."""


class Failure(NamedTuple):
    """That a node fails, and with which error."""

    error: str
    message: str


class Native(NamedTuple):
    """A node as JSONata.

    Attributes:
        guard: a boolean, and never an error: whether `result` is what the node's function would give. Empty where it
            always is.
        result: the node's `StepResult`, with `native: true`. Evaluated only where the guard holds.
        fails: that the node fails instead of giving a result.
    """

    guard: str
    result: str = ""
    fails: Failure | None = None


Program = Callable[[Inputs], Native]
"""How a node with certain parameters is lowered, wherever its items come from."""


def _never(params: Mapping[str, Any]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Lowering:
    """How nodes are lowered whose spec names it (`NodeSpec.lowering`).

    Attributes:
        name: as node specs have it.
        program: a node's parameters and the names of its output ports -> how it is lowered; None where its parameters
            are more than can be had in the machine.
        ends: whether the node ends the execution with an error.
        keeps: whether whatever comes in goes out on some port, so that an item for nothing is never needed.
        may_be_empty: whether, with these parameters, it may emit nothing though something came in.
    """

    name: str
    program: Callable[[Mapping[str, Any], Sequence[str]], Program | None]
    ends: bool = False
    keeps: bool = True
    may_be_empty: Callable[[Mapping[str, Any]], bool] = _never


Lowerings = Mapping[str, Lowering]
"""The lowerings there are, by name."""


def lowering_of(entry: CatalogueEntry, lowerings: Lowerings) -> Lowering | None:
    """Return how nodes of a type are lowered; None where they are not. Raises LookupError for an unknown lowering."""
    if not entry.lowering:
        return None
    if entry.lowering not in lowerings:
        raise LookupError(f"{entry.type!r} names {entry.lowering!r}, which stepweave.compiler.lowerings does not have")
    return lowerings[entry.lowering]


def program_of(node: Node, entry: CatalogueEntry, lowerings: Lowerings) -> Program | None:
    """Return how a node is lowered, wherever its items come from; None where it is not.

    Retries and time-outs need no look: where the guard holds nothing fails.
    """
    lowering, settings = lowering_of(entry, lowerings), node.settings
    if lowering is None or settings.execute_once:
        return None
    if settings.always_output and not lowering.keeps:
        return None
    if settings.on_error is not OnError.STOP and lowering.ends:
        return None
    return lowering.program(node.params, [port.name for port in entry.ports(node.params)])
