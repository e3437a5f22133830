"""How an execution ended: from what Step Functions says to what people read, and to what a webhook's caller gets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from stepweave.model.events import ErrorInfo, Event, EventType
from stepweave.model.step import ExecutionOutput, StepResponse
from stepweave.runtime.claims import Claims
from stepweave.runtime.events import event, native_runs

Status = Literal["succeeded", "failed", "timed_out", "cancelled"]

_STATUSES: Final[dict[str, Status]] = {
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "TIMED_OUT": "timed_out",
    "ABORTED": "cancelled",
}
_EVENTS: Final[dict[Status, EventType]] = {
    "succeeded": EventType.EXECUTION_SUCCEEDED,
    "failed": EventType.EXECUTION_FAILED,
    "timed_out": EventType.EXECUTION_TIMED_OUT,
    "cancelled": EventType.EXECUTION_CANCELLED,
}
_PLATFORM: Final[dict[str, tuple[str, str, str]]] = {
    "States.Timeout": (
        "NodeTimeout",
        "A step took longer than its time-out.",
        "Give the node a longer time-out or less to do.",
    ),
    "Sandbox.Timedout": (
        "NodeTimeout",
        "A step took longer than its function may.",
        "Give the node less to do at a time.",
    ),
    "Lambda.Unknown": (
        "NodeCrashed",
        "A step's function ended before its step did; it may have run out of memory.",
        "Give the node fewer items at a time.",
    ),
    "Runtime.ExitError": (
        "NodeCrashed",
        "A step's function ended before its step did; it may have run out of memory.",
        "Give the node fewer items at a time.",
    ),
    "States.ExceedToleratedFailureThreshold": (
        "RoundFailed",
        "A round of a loop failed.",
        "Look at the loop's rounds for what failed, or let the loop go on after errors.",
    ),
    "States.DataLimitExceeded": (
        "DataTooLarge",
        "More data went between the nodes than an execution carries.",
        "Keep fewer fields, or fetch large data where it is needed.",
    ),
}
"""What the platform reports of its own: error name -> our name, message, remedy (Step Functions developer guide, "Error
names"; the first names are as in `stepweave.compiler.emit.steps`)."""


@dataclass(frozen=True, slots=True)
class End:
    """How an execution ended. `output` is there where it succeeded, `error` where it did not.

    `failed_node` is the id of the node that failed without a function, so that nobody else told of it.
    """

    status: Status
    output: ExecutionOutput | None = None
    error: ErrorInfo | None = None
    failed_node: str = ""

    @property
    def response(self) -> StepResponse | None:
        """The answer of a response node, where one ran."""
        return self.output["response"] if self.output else None


def read_end(answer: Mapping[str, Any]) -> End:
    """Return the end that Step Functions reports.

    Args:
        answer: `status`, `output`, `error`, `cause`, as StartSyncExecution, DescribeExecution and status events have
            them.

    Raises:
        KeyError: the status is none of an ended execution.
    """
    status = _STATUSES[answer["status"]]
    if status == "succeeded":
        return End(status, _output(answer.get("output")))
    if status == "cancelled":
        return End(status)
    default = "States.Timeout" if status == "timed_out" else "ExecutionFailed"
    cause = answer.get("cause") or ""
    told = _told(cause)
    failed_node = str(told.get("nodeId", ""))
    return End(status, error=read_error(answer.get("error") or default, cause), failed_node=failed_node)


def _output(text: Any) -> ExecutionOutput | None:
    """Return an execution's output; None where it was too large to be told, or is no compiled machine's."""
    try:
        data = json.loads(text or "null")
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    output: ExecutionOutput = {"response": data.get("response"), "last": data.get("last")}
    if data.get("native"):
        output["native"] = data["native"]
    return output


def read_error(error: str, cause: str) -> ErrorInfo:
    """Return the failure that Step Functions reports, for people.

    Args:
        error: the error's name: one of our classes, or the platform's.
        cause: the platform's text; for a function's error JSON with `errorType` and `errorMessage`.
    """
    if error in _PLATFORM:
        type, message, remedy = _PLATFORM[error]
        return {"type": type, "message": message, "retryable": False, "remedy": remedy}
    told = _told(cause)
    if "ExecutionArn" in told and "Status" in told:  # a nested machine's end
        return read_error(str(told.get("Error") or error), str(told.get("Cause") or ""))
    if error.startswith("Lambda."):
        words = f"The platform could not run a step ({error})."
        remedy = "Run it again; the step itself has not run."
        return {"type": "StepNotRun", "message": words, "retryable": True, "remedy": remedy}
    if "errorMessage" in told:
        return _of_function(error, told)
    message = cause.strip()[:2000] or f"The execution failed with {error}."
    return {"type": error, "message": message, "retryable": False}


def failed_node(cause: str) -> dict[str, str] | None:
    """Return `id` and `name` of the node that a cause says failed; None where it does not say."""
    told = _told(cause)
    if "ExecutionArn" in told and "Status" in told:  # a nested machine's end
        return failed_node(str(told.get("Cause") or ""))
    node = _told(str(told.get("errorMessage", ""))).get("node")
    if isinstance(node, dict) and isinstance(node.get("id"), str) and isinstance(node.get("name"), str):
        return {"id": node["id"], "name": node["name"]}
    return None


def _of_function(error: str, told: dict[str, Any]) -> ErrorInfo:
    """Return what a function or whoever answered a token says: a step's words are JSON in its message."""
    inside = _told(str(told["errorMessage"]))
    if inside.get("type") != told.get("errorType") or not isinstance(inside.get("message"), str):
        inside = {**told, "message": str(told["errorMessage"])}
    info: ErrorInfo = {
        "type": str(told.get("errorType") or error),
        "message": inside["message"],
        "retryable": inside.get("retryable") is True,
    }
    if isinstance(remedy := inside.get("remedy"), str) and remedy:
        info["remedy"] = remedy
    if isinstance(item := inside.get("item"), int):
        info["item"] = item
    if isinstance(details := inside.get("details"), dict) and details:
        info["details"] = details
    return info


def _told(cause: str) -> dict[str, Any]:
    """Return what a cause says as JSON: a function's error, or a Fail state's."""
    try:
        told = json.loads(cause)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def end_events(execution_id: str, end: End) -> list[Event]:
    """Return the events of an execution's end: of nodes that nobody else told of, then the end itself.

    Their ids are fixed, so that telling them twice tells them once.
    """
    found = native_runs(execution_id, end.output.get("native", ())) if end.output is not None else []
    if end.failed_node and end.error is not None:
        id = f"{execution_id}-{end.failed_node}-native-failed"
        node: dict[str, Any] = {"nodeId": end.failed_node, "attempt": 1, "native": True, "durationMs": 0.0}
        found.append(event(EventType.NODE_FAILED, id=id, error=end.error, **node))
    return [*found, _end_event(execution_id, end)]


def _end_event(execution_id: str, end: End) -> Event:
    fields: dict[str, Any] = {}
    if end.error is not None:
        fields["error"] = end.error
    if end.response is not None:
        fields["response"] = end.response
    if end.output is not None and end.output["last"]:
        fields["output"] = end.output["last"]
    return event(_EVENTS[end.status], id=f"{execution_id}-ended", **fields)


def answer_of(end: End, respond: str, claims: Claims, tenant_id: str) -> StepResponse | None:
    """Return what a webhook's caller gets of an ended execution, or None where it has no answer to give.

    Args:
        end: of the execution.
        respond: the trigger's setting: `lastNode` or `respondNode`.
        claims: fetches large results.
        tenant_id: whose execution it was.

    Raises:
        DataMissing: the last node's items are gone.
        StorageUnavailable: they could not be fetched.
    """
    if end.response is not None or end.output is None:
        return end.response
    last = end.output["last"]
    if respond != "lastNode" or not last:
        return None
    items = [entry["json"] for entry in claims.fetch(next(iter(last.values())), tenant_id)]
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json; charset=utf-8"},
        "body": items[0] if len(items) == 1 else items,
    }
