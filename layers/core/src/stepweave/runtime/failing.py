"""A step that makes error items of a failure it did not see: its earlier try waited, was cut off, or could not answer.

One for each input item, its fields and files kept, with the field `error` (contracts.md, "Error items"). `node` in it
is the one in a round or region that failed, where the failure says so.
"""

from typing import Any, Final

from stepweave.model.events import ErrorInfo
from stepweave.model.items import Item
from stepweave.model.step import WAITED_TOO_LONG, StepFailure
from stepweave.runtime.ending import failed_node, read_error
from stepweave.runtime.results import error_item
from stepweave.runtime.step import Step

PHASES: Final = ("failed", "roundFailed")
"""`StepPayload.phase` of such steps: of the node's own failure, and of a round of a loop."""
_TIMED_OUT: Final = "States.Timeout"


def failed_items(step: Step[Any], failure: StepFailure) -> dict[str, list[Item]]:
    """Return the error items of a failure, and log it."""
    error = told(failure)
    node = failed_node(failure["cause"])
    if node is not None and node["id"] != step.control.node["id"]:
        error["node"] = node
    phase = step.control.phase
    message = error["message"] if phase == "failed" else f"A round failed: {error['message']}"
    step.telling.log("error", message, error, cut_off=failure.get("cutOff"), iteration=failure.get("round"))
    if phase == "roundFailed":
        step.control.suspend()  # the loop has not ended
    return {failure["port"]: [error_item(error, item) for item in step.all_items() or [{"json": {}}]]}


def told(failure: StepFailure) -> ErrorInfo:
    """Return a failure in words for people."""
    if failure.get("waits") and failure["error"] == _TIMED_OUT:
        return WAITED_TOO_LONG.copy()
    return read_error(failure["error"], failure["cause"])
