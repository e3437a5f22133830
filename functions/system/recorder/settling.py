"""What an execution's end means for others: callers go on, error workflows start, abandoned calls are stopped.

All of it may be done again: a wait is answered once, an error workflow's execution has an id of its own that follows
from the failed one's, and stopping what has ended does nothing.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from functions.system.recorder.recording import SettleLater
from stepweave.aws import Aws, AwsError
from stepweave.model.events import ErrorInfo, Event, EventType
from stepweave.model.items import Batch, NodeOutput
from stepweave.model.lineage import carried, descended, without
from stepweave.runtime.claims import Claims, encode
from stepweave.runtime.errors import NodeError
from stepweave.runtime.events import queue_sender
from stepweave_data.history.folding import ENDS
from stepweave_data.history.store import Recorded
from stepweave_data.hooks.cut_off import cut_off
from stepweave_data.hooks.waits import TokensAway, Wait, Waits
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import Metric, count, logger

_CONCERNED: Final = """
SELECT 'answer', w.child_execution_id::text, NULL FROM waits w
WHERE w.child_execution_id = ANY (%(ids)s) AND w.state = 'open'
UNION ALL
SELECT 'stop', c.id::text, c.execution_arn FROM waits w JOIN executions c ON c.id = w.child_execution_id
WHERE w.execution_id = ANY (%(ids)s) AND w.kind = 'workflow' AND w.state IN ('cancelled', 'expired')
  AND c.status IN ('queued', 'running') AND c.execution_arn IS NOT NULL
UNION ALL
SELECT 'error', x.id::text, NULL FROM executions x
JOIN workflow_versions v ON v.workflow_id = x.workflow_id AND v.number = x.workflow_version
WHERE x.id = ANY (%(ids)s) AND x.status IN ('failed', 'timed_out') AND x.mode = 'live' AND x.trigger <> 'error'
  AND v.document #>> '{settings,errorWorkflowId}' <> ''
UNION ALL
SELECT DISTINCT 'next', x.workflow_id::text, NULL FROM executions x
WHERE x.id = ANY (%(ids)s) AND EXISTS (
  SELECT 1 FROM execution_turns t WHERE t.workflow_id = x.workflow_id AND t.taken_at IS NULL)
"""
_HOW: Final = {"failed": "failed", "cancelled": "was cancelled", "timed_out": "took longer than it may"}
_NOBODY: Final = "Nobody waits for it any more."
_GONE: Final = ("ExecutionDoesNotExist",)


class Stops(Protocol):
    """What is needed of Step Functions besides answering tokens."""

    def stop(self, execution_arn: str, *, error: str = "", cause: str = "") -> None:
        """Abort an execution. Raises AwsError."""


@dataclass(frozen=True)
class Settler:
    """Tells other executions of ends. Not thread-safe."""

    link: Link
    waits: Waits
    claims: Claims
    machines: Stops
    hand_over: Callable[[dict[str, Any]], None]
    """Gives the starter a request and does not wait. Raises AwsError."""

    def settle(self, tenant_id: str, recorded: Recorded) -> None:
        """Do what the ends among recorded events ask for.

        Raises:
            SettleLater: not all of it could be done; do it again.
            psycopg.Error: likewise.
        """
        self._cut_off(tenant_id, recorded)
        ends = {id: end for id, events in recorded.events.items() if (end := _end(events)) is not None}
        if not ends:
            return
        values = {"ids": list(ends)}
        concerned = self.link.tenant(tenant_id, lambda it: it.execute(_CONCERNED.encode(), values).fetchall())
        for what, id, arn in concerned:
            if what == "answer":
                self._answer(tenant_id, id, ends[id])
            elif what == "stop":
                self._told(partial(self.machines.stop, arn, cause=_NOBODY), id)
            elif what == "next":
                request = {"next": {"tenantId": tenant_id, "workflowId": id}}
                self._told(partial(self.hand_over, request), id)
            else:
                request = {"failed": {"tenantId": tenant_id, "executionId": id}}
                self._told(partial(self.hand_over, request), id)

    def _cut_off(self, tenant_id: str, recorded: Recorded) -> None:
        """End what waits where something beside it failed: told of now, or before what waits told that it does."""
        concerned = [id for id, events in recorded.events.items() if any(map(_may_cut_off, events))]
        if not concerned:
            return
        for id, arn in self.waits.within(tenant_id, lambda it: cut_off(self.waits, it, concerned)):
            self._told(partial(self.machines.stop, arn, cause=_NOBODY), id)

    def _answer(self, tenant_id: str, child_id: str, end: Event) -> None:
        """Let the callers of an execution go on, or fail."""

        def work(connection: Connection) -> None:
            for wait in self.waits.of_child(connection, child_id):
                status = ENDS[end["type"]]
                if status != "succeeded":
                    self.waits.fail(connection, wait, _child_failed(wait, child_id, status, end), status)
                    continue
                try:
                    output = self._output(tenant_id, wait, end.get("output") or {})
                except NodeError as error:
                    self.waits.fail(connection, wait, error.to_json(), "failed")
                else:
                    self.waits.succeed(connection, wait, output, status)

        try:
            self.waits.within(tenant_id, work)
        except TokensAway as error:
            raise SettleLater(str(error)) from error

    def _output(self, tenant_id: str, wait: Wait, last: NodeOutput) -> NodeOutput:
        """Return the caller's output: what the last node gave on its first port. Raises NodeError, SettleLater."""
        if not last:
            return {}
        batch: Batch = next(iter(last.values()))
        resume, shown = wait.details["resume"], batch.get("preview")
        # Of a stored batch the preview tells whether the items carry the called workflow's lineage.
        if "items" not in batch and not resume.get("origin") and shown and not carried(shown):
            return {"main": batch}
        place = f"{wait.iteration}/" if wait.iteration else ""
        key = f"{tenant_id}/{wait.execution_id}/{wait.node_id}/{place}{wait.attempt}-called-main.json"
        try:
            items = descended(without(self.claims.fetch(batch, tenant_id)), resume.get("origin") or None)
            encoded = encode(items)
            if len(encoded) > resume["inlineLimit"]:
                return {"main": self.claims.store(key, items, encoded)}
        except NodeError as error:
            if error.retryable:
                raise SettleLater(error.message) from error
            raise
        return {"main": {"count": len(items), "items": items}}

    @staticmethod
    def _told(tell: Callable[[], None], execution_id: str) -> None:
        try:
            tell()
        except AwsError as error:
            if error.retryable:
                raise SettleLater(f"AWS did not take it ({error.code})") from error
            if error.code not in _GONE:
                logger().error("an end could not be told", ended=execution_id, error=str(error))
                count(Metric.FAILED)


def settler() -> Settler:
    """Return this worker's settler; it calls AWS only when an end concerns somebody."""
    link = Link()

    def hand_over(request: dict[str, Any]) -> None:
        Aws.shared().functions.start(os.environ["STEPWEAVE_STARTER_FUNCTION_ARN"], request)

    claims = Claims(lambda: Aws.shared().storage, os.environ["STEPWEAVE_DATA_BUCKET"])
    machines = Aws.shared().machines
    return Settler(link, Waits(link, machines, queue_sender()), claims, machines, hand_over)


def _end(events: list[Event]) -> Event | None:
    """Return the first end among an execution's events: later ones count for nothing."""
    return next((event for event in events if event["type"] in ENDS), None)


def _may_cut_off(event: Event) -> bool:
    return event["type"] == EventType.NODE_WAITING or "cutOff" in event


def _child_failed(wait: Wait, child_id: str, status: str, end: Event) -> ErrorInfo:
    name = wait.details.get("workflowName", "")
    why = end.get("error")
    reason = f": {why['message']}" if why and end["type"] == EventType.EXECUTION_FAILED else "."
    return {
        "type": "ChildFailed",
        "message": f"The workflow {name!r} {_HOW[status]} (execution {child_id}){reason}",
        "remedy": "Open that execution to see why.",
        "retryable": False,
        "details": {"executionId": child_id, "workflowId": wait.details.get("workflowId")},
    }
