"""What a kind of control node means, where that is more than running the node once: its nodes run others, in rounds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from stepweave.model.items import Item, NodeOutput
from stepweave.model.workflow import Node
from stepweave.runtime.interpreter.values import Calls, Inputs, Outputs, Turn


class Region(Protocol):
    """What a kind may ask of where its node runs."""

    async def round(self, node: Node, number: int, items: list[Item], done: Outputs) -> list[Item]:
        """Run a node's body for some items and return what comes back, in edge order. Raises NodeFailed."""

    async def once(self, node: Node, items: list[Item], done: Outputs) -> list[Item]:
        """Run a node's body as `round` does, outside all rounds but those that the node is in. Raises NodeFailed."""

    async def is_over(self, node: Node, number: int, items: list[Item], done: Outputs) -> bool:
        """Return whether a node has what it waits for, by the items that came back from the round of that number."""

    async def batches(self, node: Node, items: list[Item], done: Outputs) -> list[list[Item]]:
        """Return a node's items in batches of the size that it asks for. Raises NodeFailed where that is none."""

    async def turn(self, node: Node, turn: Turn, done: Outputs) -> Calls:
        """Return what an agent's turn gives: what it calls, or what it ends with. Raises NodeFailed."""

    async def part(self, node: Node, first: str, place: str, items: list[Item], done: Outputs) -> list[Item]:
        """Run the part of a node's body that begins with the node `first`, and return what its last nodes give.

        Args:
            node: whose body it is.
            first: id of the node that begins the part.
            place: what tells the run from others, below the round that the node is in.
            items: what enters the part.
            done: what came before the node.

        Raises:
            NodeFailed: a node in it failed whose errors stop it.
        """

    def parts(self, node: Node) -> list[str]:
        """Return the ids of the nodes that begin the parts of a node's body, disabled ones left out."""

    def node(self, node_id: str) -> Node:
        """Return a node of the workflow."""

    def goes_round(self, node: Node) -> bool:
        """Return whether anything runs in a node's rounds, or leads straight back to it."""

    def is_led_back(self, node: Node) -> bool:
        """Return whether an edge leads back to a node."""

    def failure_port(self, node: Node) -> str | None:
        """Return the port that error items take; None where a failure ends the execution, or the round."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind whose nodes run others.

    Attributes:
        name: as node specs have it (`NodeSpec.control`).
        body: the output port that leads to what runs in its rounds.
        back: the input port to which edges from there lead back.
        run: what a node of it does. Raises NodeFailed.
    """

    name: str
    body: str
    back: str
    run: Callable[[Region, Node, Inputs, Outputs], Awaitable[NodeOutput]]
