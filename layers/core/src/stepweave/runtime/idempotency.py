"""Idempotency keys: what a node run and item are known by to others, however often they are tried.

A key follows from the first execution's id (`ExecutionContext.origin`), the node, the round and the item's place. So it
is the same in every attempt, and in an execution that goes on from another that failed ("fix and resume").
"""

import hashlib
from typing import Final

from stepweave.model.events import ExecutionContext

_PURPOSE: Final = "stepweave-idempotency"


def origin_of(context: ExecutionContext) -> str:
    """Return the id of the execution that the work began with."""
    return context.get("origin") or context["executionId"]


def idempotency_key(context: ExecutionContext, node_id: str, iteration: str, index: int | None = None) -> str:
    """Return the key of a node run, or of one of its items.

    Args:
        context: of the execution.
        node_id: the node.
        iteration: its round; empty outside loops.
        index: the input item's place, from 0; None for the whole run.

    Returns:
        36 characters, as a UUID is written.
    """
    place = "" if index is None else str(index)
    text = "\n".join((_PURPOSE, origin_of(context), node_id, iteration, place))
    digits = hashlib.sha256(text.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}"
