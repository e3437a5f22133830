"""What a lowered node is."""

from collections.abc import Callable
from typing import NamedTuple

from stepweave.compiler.native.items import Inputs


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
