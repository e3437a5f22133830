"""From events to what they change: pure, so that what the recorder does can be read and tested without a database.

Everything here can be repeated: the same events folded twice give the same changes, and the database keeps the further
one.
"""

from collections.abc import Iterable
from typing import Any, Final

from stepweave.model.events import Event, EventBatch, EventType, ExecutionContext

ENDS: Final = {
    EventType.EXECUTION_SUCCEEDED: "succeeded",
    EventType.EXECUTION_FAILED: "failed",
    EventType.EXECUTION_CANCELLED: "cancelled",
    EventType.EXECUTION_TIMED_OUT: "timed_out",
}
RUN_STATES: Final = {
    EventType.NODE_STARTED: "running",
    EventType.NODE_RETRYING: "retrying",
    EventType.NODE_SUCCEEDED: "succeeded",
    EventType.NODE_FAILED: "failed",
}
_RANK: Final = {"running": 1, "retrying": 2, "succeeded": 3, "failed": 3}
_OWN: Final = ("id", "type", "at", "nodeId", "seq")
"""What has a column of its own; the rest of an event is its data."""


def fold(batches: Iterable[EventBatch]) -> dict[str, Any]:
    """Return the argument of `record_events` for batches of one tenant, in the order they were received."""
    executions: dict[str, dict[str, Any]] = {}
    events: list[dict[str, Any]] = []
    runs: dict[tuple[str, str], dict[str, Any]] = {}
    ends: list[dict[str, Any]] = []
    for batch in batches:
        context = batch["context"]
        execution_id = context["executionId"]
        executions.setdefault(execution_id, _execution(context))
        for event in batch["events"]:
            events.append(_stored(event, execution_id, len(events)))
            kind = EventType(event["type"])
            if kind is EventType.EXECUTION_STARTED:
                trigger = event.get("trigger", {})
                executions[execution_id] |= {
                    "machineType": trigger.get("machineType"),
                    "executionArn": trigger.get("executionArn"),
                }
            elif kind in ENDS:
                ends.append(_end(event, execution_id, ENDS[kind]))
            elif kind in RUN_STATES:
                _fold_run(runs, event, execution_id, RUN_STATES[kind])
    return {"executions": list(executions.values()), "events": events, "nodeRuns": list(runs.values()), "ends": ends}


def _execution(context: ExecutionContext) -> dict[str, Any]:
    return {
        "id": context["executionId"],
        "workflowId": context["workflowId"],
        "version": context["workflowVersion"],
        "mode": context["mode"],
        "trigger": context["trigger"],
        "startedAt": context["startedAt"],
        "machineType": None,
        "executionArn": None,
    }


def _stored(event: Event, execution_id: str, order: int) -> dict[str, Any]:
    return {
        "executionId": execution_id,
        "ord": order,
        "id": event["id"],
        "type": event["type"],
        "at": event["at"],
        "nodeId": event.get("nodeId"),
        "data": {key: value for key, value in event.items() if key not in _OWN},
    }


def _end(event: Event, execution_id: str, status: str) -> dict[str, Any]:
    return {
        "executionId": execution_id,
        "status": status,
        "at": event["at"],
        "error": event.get("error"),
        "response": event.get("response"),
    }


def _fold_run(runs: dict[tuple[str, str], dict[str, Any]], event: Event, execution_id: str, status: str) -> None:
    node_id, attempt = event.get("nodeId", ""), event.get("attempt", 1)
    rank = attempt * 10 + _RANK[status]
    known = runs.get((execution_id, node_id))
    if known is not None and rank < known["rank"]:
        return
    running = status == "running"
    runs[execution_id, node_id] = {
        "executionId": execution_id,
        "nodeId": node_id,
        "attempt": attempt,
        "rank": rank,
        "status": status,
        "startedAt": known["startedAt"] if known else event["at"],
        "endedAt": None if running else event["at"],
        "durationMs": event.get("durationMs"),
        "input": event.get("input") or (known or {}).get("input"),
        "output": event.get("output"),
        "error": event.get("error"),
    }
