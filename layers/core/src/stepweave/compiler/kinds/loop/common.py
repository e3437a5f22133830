"""What all loops have in common: their ports, and whether they go on after a round that failed."""

from typing import Final

from stepweave.compiler.edges import failure_port
from stepweave.compiler.emit.emission import Emission

LOOP: Final = "loop"
"""The kind, and the output port that leads to the body."""
BACK: Final = "back"
DONE: Final = "done"


def is_guarded(emission: Emission, node: int) -> bool:
    """Whether a loop goes on after a round that failed: then its body is a state of its own, which has a catcher."""
    return failure_port(emission.graph.nodes[node], emission.graph.entries[node]) is not None
