"""From events to what they change: pure, so that what the recorder does can be read and tested without a database.

Everything here can be repeated: the same events folded twice give the same changes, and the database keeps the further
one. Large values are named by their event's place instead of being copied.
"""

from collections.abc import Iterable
from typing import Any, Final

from stepweave.model.events import Event, EventBatch, EventType, ExecutionContext, NodeRunStatus
from stepweave.model.usage import entries

ENDS: Final = {
    EventType.EXECUTION_SUCCEEDED.value: "succeeded",
    EventType.EXECUTION_FAILED.value: "failed",
    EventType.EXECUTION_CANCELLED.value: "cancelled",
    EventType.EXECUTION_TIMED_OUT.value: "timed_out",
}
"""Event types that end an execution, with the status they leave."""
RUN_STATES: Final = {
    EventType.NODE_STARTED.value: "running",
    EventType.NODE_WAITING.value: "waiting",
    EventType.NODE_RETRYING.value: "retrying",
    EventType.NODE_SUCCEEDED.value: "succeeded",
    EventType.NODE_FAILED.value: "failed",
}
"""Event types that move a node run, with the status they leave."""
OPEN: Final = ("queued", "running")
"""The states of an execution that has not ended."""
_KNOWN: Final = frozenset(kind.value for kind in EventType)
_RANK: Final = {"running": 1, "waiting": 2, "retrying": 3, "succeeded": 4, "failed": 4}
_GOES_ON: Final = ("running", "waiting")
_SECRET: Final = frozenset(("token", "resume"))
"""What of `waiting` is for whoever ends the wait: the task token, and what the step's result is made of."""
_OWN: Final = frozenset(("id", "type", "at", "nodeId", "seq"))
"""What has a column of its own; the rest of an event is its data."""


class Fold:
    """Collects what batches of one tenant change, in the order they were received.

    `changes` and `documents` are the arguments of `record_events`.
    """

    def __init__(self, batches: Iterable[EventBatch]) -> None:
        self._executions: dict[str, dict[str, Any]] = {}
        self._events: list[dict[str, Any]] = []
        self._data: list[dict[str, Any]] = []
        self._details: list[dict[str, Any]] = []
        self._runs: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._waits: list[dict[str, Any]] = []
        self._answers: list[dict[str, Any]] = []
        self._ends: list[dict[str, Any]] = []
        self._usage: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for batch in batches:
            self._add(batch)

    @property
    def changes(self) -> dict[str, Any]:
        """What is to be recorded, as `record_events` wants it."""
        return {
            "executions": list(self._executions.values()),
            "started": [execution for execution in self._executions.values() if execution["machineType"] is not None],
            "events": self._events,
            "nodeRuns": list(self._runs.values()),
            "waits": [{**wait, "ord": len(self._data) + number} for number, wait in enumerate(self._waits)],
            "answers": self._answers,
            "ends": self._ends,
            "usage": [row for rows in self._usage.values() for row in rows],
        }

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The events' data in their order, then the waits' details: what is kept as it was written."""
        return [*self._data, *self._details]

    def _add(self, batch: EventBatch) -> None:
        execution_id = batch["context"]["executionId"]
        execution = self._executions.setdefault(execution_id, _execution(batch["context"]))
        for event in batch["events"]:
            kind, order = event["type"], len(self._events)
            if kind not in _KNOWN:
                raise ValueError(f"unknown event type {kind!r}")
            self._events.append(_stored(event, execution_id, order))
            self._data.append(_data(shown(event)))
            if kind == EventType.NODE_WAITING and "token" in event.get("waiting", {}):
                wait, details = _wait(event, execution_id)
                self._waits.append(wait)
                self._details.append(details)
            if event.get("usage"):
                self._usage[execution_id, event["id"]] = _used(event, execution_id)
            if kind in RUN_STATES:
                self._run(event, execution_id, order, RUN_STATES[kind])
            elif kind in ENDS:
                self._ends.append({"executionId": execution_id, "ord": order, "status": ENDS[kind], "at": event["at"]})
            elif kind == EventType.EXECUTION_STARTED:
                trigger = event.get("trigger", {})
                execution["machineType"] = trigger.get("machineType")
                execution["executionArn"] = trigger.get("executionArn")
            if event.get("response") is not None:
                self._answers.append({"executionId": execution_id, "ord": order})

    def _run(self, event: Event, execution_id: str, order: int, status: str) -> None:
        node_id, attempt, iteration = event["nodeId"], event.get("attempt", 1), event.get("iteration", "")
        known = self._runs.get((execution_id, node_id, iteration))
        input_of = order if event.get("input") else known["inputOf"] if known else None
        if known is not None and not _moves(known, attempt, status):
            known["inputOf"] = known["inputOf"] if known["inputOf"] is not None else input_of
            return
        self._runs[execution_id, node_id, iteration] = {
            "executionId": execution_id,
            "nodeId": node_id,
            "iteration": iteration,
            "attempt": max(attempt, known["attempt"]) if known else attempt,
            "status": status,
            "startedAt": known["startedAt"] if known else event["at"],
            "endedAt": None if status in _GOES_ON else event["at"],
            "durationMs": event.get("durationMs"),
            "inputOf": input_of,
            "resultOf": order,
        }


def shown(event: Event) -> Event:
    """Return an event as history and browsers get it: without a task token, and what only the end of a wait needs."""
    waiting = event.get("waiting")
    if waiting is None or _SECRET.isdisjoint(waiting):
        return event
    return {**event, "waiting": {key: value for key, value in waiting.items() if key not in _SECRET}}


def _moves(known: dict[str, Any], attempt: int, status: str) -> bool:
    """Whether an event moves a run on. An end closes a run whatever its attempt: later phases count theirs anew."""
    if (attempt, _RANK[status]) >= (known["attempt"], _RANK[known["status"]]):
        return True
    waits = known["status"] == NodeRunStatus.WAITING
    return (status == "failed" and waits) or (status == "succeeded" and _RANK[known["status"]] < _RANK["succeeded"])


def _wait(event: Event, execution_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a wait, and its details."""
    waiting = dict(event["waiting"])
    kind, token = waiting.pop("kind"), waiting.pop("token")
    wait = {
        "executionId": execution_id,
        "nodeId": event["nodeId"],
        "iteration": event.get("iteration", ""),
        "attempt": event.get("attempt", 1),
        "kind": kind,
        "token": token,
        "at": event["at"],
        "expiresAt": waiting.get("expiresAt"),
    }
    return wait, waiting


def _used(event: Event, execution_id: str) -> list[dict[str, Any]]:
    place = {"executionId": execution_id, "id": event["id"], "nodeId": event["nodeId"]}
    place["iteration"] = event.get("iteration", "")
    rows = entries(event["usage"])
    return [{**place, "kind": kind, "name": name, "amount": amount} for kind, name, amount in rows]


def _execution(context: ExecutionContext) -> dict[str, Any]:
    parent = context.get("parent")
    return {
        "id": context["executionId"],
        "workflowId": context["workflowId"],
        "version": context["workflowVersion"],
        "mode": context["mode"],
        "trigger": context["trigger"],
        "startedAt": context["startedAt"],
        "machineType": None,
        "executionArn": None,
        "parentExecutionId": parent["executionId"] if parent else None,
        "parentNodeId": parent["nodeId"] if parent else None,
        "parentIteration": parent["iteration"] if parent else None,
    }


def _stored(event: Event, execution_id: str, order: int) -> dict[str, Any]:
    return {
        "executionId": execution_id,
        "ord": order,
        "id": event["id"],
        "type": event["type"],
        "at": event["at"],
        "nodeId": event.get("nodeId"),
    }


def _data(event: Event) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in _OWN and value is not None}
