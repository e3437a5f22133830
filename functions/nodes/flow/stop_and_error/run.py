"""Ends the execution with an error of the workflow's own."""

import json
from typing import Any, Final, Never

from functions.nodes.flow.stop_and_error.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError, ParameterInvalid

LONGEST: Final = 10_000
"""Characters of a message."""
_MOST: Final = 16_384
"""Characters of JSON of an object that travels with the error."""
_REMEDY: Final = "The workflow stops here on purpose; see what led to this node."


class StoppedByWorkflow(NodeError):
    """A stop-and-error node was reached."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Raise StoppedByWorkflow with the message, or the error object, for the first item. Raises ParameterInvalid."""
    params = step.params()
    if params.mode == "object":
        _stop_with(_object(params.error_object))
    raise StoppedByWorkflow(params.message or "The workflow stopped without a message.", _REMEDY)


def _stop_with(error: dict[str, Any]) -> Never:
    text = json.dumps(error, ensure_ascii=False)
    message = next((said for name in ("message", "description", "error") if (said := _said(error.get(name)))), text)
    details = {"error": error} if len(text) <= _MOST else {}
    raise StoppedByWorkflow(message[:LONGEST], _REMEDY, details=details)


def _said(value: Any) -> str:
    """Return what a field says: its text, or the `message` of an object in it."""
    found = value.get("message") if isinstance(value, dict) else value
    return found.strip() if isinstance(found, str) else ""


def _object(value: Any) -> dict[str, Any]:
    """Return the error object, which may be written as JSON. Raises ParameterInvalid."""
    found = value
    if isinstance(value, str):
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            found = None
    if not isinstance(found, dict):
        raise ParameterInvalid(
            "The error object is no object.",
            'Write JSON ({"message": "..."}), or one expression that gives an object.',
            details={"field": "params.errorObject"},
        )
    return found
