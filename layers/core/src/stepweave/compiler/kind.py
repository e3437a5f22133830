"""What a kind of node means to the passes: a value that they read, so that none of them knows a node type's name.

A node type's spec names its kind (`NodeSpec.control`); "" is a step that runs once. The passes before `emit` ask the
kind what they must know; how nodes of the kind are written as states is a function beside it (`kinds`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from stepweave.model.workflow import Node
from stepweave.spec.catalogue import CatalogueEntry

TOKEN: Final = "token"  # noqa: S105  # the name of a kind
"""The kind of a node that waits for somebody outside, whatever its spec says otherwise (`NodeSpec.waiting`)."""
PINNED: Final = "pinned"
"""The kind that stands around a node which does not run, because its output is given."""

STOP: Final = "stop"
"""The kind that stands around a node before which the debugger may stop."""


def _never(node: Node) -> bool:
    return False


def _once(node: Node) -> int:
    return 1


def _as_many(once: int) -> int:
    return once


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of control node.

    Attributes:
        name: as node specs have it.
        body: the output port that leads to the nodes that run in its rounds; "" where it has none.
        back: the input port to which edges from its body may lead back; "" where nothing may.
        done: the output port that leads on after its rounds.
        lasts: whether an execution may stand at it for longer than Express executions live.
        repeats: whether its rounds follow each other in the machine's own history, the same items going round.
        most_rounds: how many such rounds there are at most.
        catches: whether it runs its body once and catches what fails there. It ends also where nothing leads back, and
            every node in its body has its function: of others nobody would tell where a later one fails.
        picks: whether a round runs parts of its body rather than all of it, each begun by a node that an edge from
            `body` leads to: what the last nodes of a part give comes back. Every node in its body has its function.
        most_parts: how many parts a round runs at most.
        events: the most events of a node with its Task's events and those of what stands around that (`events`), its
            rounds left out.
    """

    name: str = ""
    body: str = ""
    back: str = ""
    done: str = ""
    lasts: bool = False
    repeats: Callable[[Node], bool] = _never
    most_rounds: Callable[[Node], int] = _once
    catches: bool = False
    picks: bool = False
    most_parts: Callable[[Node], int] = _once
    events: Callable[[int], int] = _as_many


Kinds = Mapping[str, Kind]
"""The kinds there are, by name."""


def kind_of(node: Node, entry: CatalogueEntry, kinds: Kinds) -> Kind:
    """Return a node's kind. Raises LookupError for one that is not registered."""
    name = TOKEN if entry.waits(node.params) else entry.kind(node.params)
    if name not in kinds:
        raise LookupError(f"{entry.type!r} is of the kind {name!r}, which stepweave.compiler.kinds does not have")
    return kinds[name]
