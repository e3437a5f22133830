"""Reads a status change of Step Functions."""

import json
from typing import Any, Final, cast

from stepweave.model.events import Event, EventType, ExecutionContext
from stepweave.runtime.events import event
from stepweave.runtime.starting import end_event, read_end, read_error

STOPPED: Final = {"ABORTED": EventType.EXECUTION_CANCELLED, "TIMED_OUT": EventType.EXECUTION_TIMED_OUT}


def end_of(detail: dict[str, Any]) -> tuple[ExecutionContext, Event] | None:
    """Return the execution's context and its end event, or None for a start or a foreign execution.

    Args:
        detail: the event's detail: `status`, `input`, `output`, `error`, `cause`.
    """
    status = detail["status"]
    if status == "RUNNING":
        return None
    context = _context(detail.get("input"))
    if context is None:
        return None
    id = f"{context['executionId']}-ended"
    if status in STOPPED:
        error = read_error(detail.get("error") or status, detail.get("cause") or "")
        extra = {"error": error} if status == "TIMED_OUT" else {}
        return context, event(STOPPED[status], id=id, **extra)
    return context, end_event(context["executionId"], read_end(detail))


def _context(text: str | None) -> ExecutionContext | None:
    """Return the context in an execution's input; None where it is not one of ours, or too large to be told."""
    try:
        data = json.loads(text or "")
    except ValueError:
        return None
    context = data.get("context") if isinstance(data, dict) else None
    return cast("ExecutionContext", context) if isinstance(context, dict) and "executionId" in context else None
