"""Native lowering: nodes that a state of the machine can be, without a function.

A node is lowered when its parameters are literals, plain paths, formulas and comparisons. It becomes a Choice whose
condition is the node's guard: where it holds, the node's result is assigned right there; where it does not (items by
reference, a value of a type that JSONata treats otherwise), the ordinary Task runs. So the guard decides, on the data
at hand, whether the result is provably what the function would give.

    values      literals and plain paths          conditions  comparisons         items  batches, guards, results
    formulas    sums, comparisons, joined texts   operands    a parameter's value as one of these
    set_fields, if_, filter, switch, merge, limit, no_op, stop_and_error: one node type each
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from stepweave.compiler.native import filter, if_, limit, merge, no_op, set_fields, stop_and_error, switch
from stepweave.compiler.native.items import Inputs, Source
from stepweave.compiler.native.native import Failure, Native, Program
from stepweave.model.workflow import Node, OnError

__all__ = ["Failure", "Inputs", "Native", "Program", "Source", "can_be_lowered", "lower", "program_of"]

LONGEST: Final = 6000
"""Characters of an expression above which a node is left to its function: definitions may have 1 MB."""

_TYPES: Final[Mapping[tuple[str, int], Callable[[Mapping[str, Any]], Program | None]]] = {
    ("set_fields", 1): set_fields.program,
    ("if", 1): if_.program,
    ("filter", 1): filter.program,
    ("switch", 1): switch.program,
    ("merge", 1): merge.program,
    ("limit", 1): limit.program,
    ("no_op", 1): no_op.program,
    ("stop_and_error", 1): stop_and_error.program,
}


def can_be_lowered(node: Node) -> bool:
    """Return whether nodes of the type are lowered at all."""
    return (node.type, node.version) in _TYPES


def program_of(node: Node) -> Program | None:
    """Return how a node is lowered, wherever its items come from; None where it is not.

    Retries and time-outs need no look: where the guard holds nothing fails.
    """
    make, settings = _TYPES.get((node.type, node.version)), node.settings
    if make is None or settings.execute_once:
        return None
    # Of the others, what comes in goes out on some port, so that an item for nothing is never needed.
    if settings.always_output and node.type == "merge":
        return None
    if settings.on_error is not OnError.STOP and node.type == "stop_and_error":
        return None
    return make(node.params)


def lower(node: Node, inputs: Inputs) -> Native | None:
    """Return a node as JSONata for the items that come in; None where it needs its function."""
    program = program_of(node)
    if program is None:
        return None
    native = program(inputs)
    return native if len(native.guard) + len(native.result) <= LONGEST else None
