"""Reads a status change of Step Functions."""

import json
from typing import Any, cast

from stepweave.model.events import Event, ExecutionContext
from stepweave.runtime.ending import end_events, read_end


def ends_of(detail: dict[str, Any]) -> tuple[ExecutionContext, list[Event]] | None:
    """Return the execution's context and the events of its end, or None for a start or a foreign execution.

    Args:
        detail: the event's detail: `status`, `input`, `output`, `error`, `cause`.
    """
    context = _context(detail.get("input"))
    if context is None or detail["status"] in ("RUNNING", "PENDING_REDRIVE"):
        return None
    return context, end_events(context["executionId"], read_end(detail))


def _context(text: str | None) -> ExecutionContext | None:
    """Return the context in an execution's input; None where it is not one of ours, or too large to be told."""
    try:
        data = json.loads(text or "")
    except ValueError:
        return None
    context = data.get("context") if isinstance(data, dict) else None
    return cast("ExecutionContext", context) if isinstance(context, dict) and "executionId" in context else None
