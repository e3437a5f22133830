"""What an execution's end means for others: callers go on, error workflows start, abandoned calls are stopped.

All of it may be done again: a wait is answered once, an error workflow's execution has an id of its own that follows
from the failed one's, and stopping what has ended does nothing.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Protocol

from functions.system.recorder.gathering import gathered
from functions.system.recorder.recording import SettleLater
from stepweave.aws import Aws, AwsError
from stepweave.model.events import Event, EventType
from stepweave.runtime.calling import ChildFailed
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError
from stepweave.runtime.events import event, queue_sender
from stepweave_data.history.folding import ENDS
from stepweave_data.history.store import Recorded
from stepweave_data.hooks import called
from stepweave_data.hooks.cut_off import cut_off
from stepweave_data.hooks.waits import State, TokensAway, Wait, Waits
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import Metric, count, logger

_CONCERNED: Final = """
SELECT DISTINCT 'answer', w.id::text FROM executions c
JOIN waits w ON w.execution_id = c.parent_execution_id AND w.node_id = c.parent_node_id
  AND w.iteration = c.parent_iteration
WHERE c.id = ANY (%(ids)s) AND w.kind = 'workflow' AND w.state = 'open'
UNION ALL
SELECT 'error', x.id::text FROM executions x
JOIN workflow_versions v ON v.workflow_id = x.workflow_id AND v.number = x.workflow_version
WHERE x.id = ANY (%(ids)s) AND x.status IN ('failed', 'timed_out') AND x.mode = 'live' AND x.trigger <> 'error'
  AND v.document #>> '{settings,errorWorkflowId}' <> ''
UNION ALL
SELECT DISTINCT 'next', x.workflow_id::text FROM executions x
WHERE x.id = ANY (%(ids)s) AND EXISTS (
  SELECT 1 FROM execution_turns t WHERE t.workflow_id = x.workflow_id AND t.taken_at IS NULL AND t.reason = 'workflow')
"""
# Whoever ends, and whoever begins to wait for something, leaves room in the plan.
_ROOM: Final = """
SELECT 1 FROM execution_turns WHERE tenant_id = %s AND taken_at IS NULL AND reason <> 'workflow' LIMIT 1
"""
_NOBODY: Final = "Nobody waits for it any more."
_GONE: Final = ("ExecutionDoesNotExist",)
_AT_ONCE: Final = 8
"""Executions that are stopped at a time."""


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
        values = {"ids": list(ends)}
        concerned: list[tuple[Any, ...]] = []
        if ends:
            concerned = self.link.tenant(tenant_id, lambda it: it.execute(_CONCERNED.encode(), values).fetchall())
        for wait_id in [id for what, id in concerned if what == "answer"] + self._retried(tenant_id, recorded):
            self._answer(tenant_id, wait_id, ends)
        if recorded.abandoned:
            self._stop(tenant_id, self.link.tenant(tenant_id, lambda it: called.abandoned(it, recorded.abandoned)))
        if (ends or any(map(_waits, recorded.events.values()))) and self._is_waited_for_room(tenant_id):
            concerned = [one for one in concerned if one[0] != "next"]
            self._told(partial(self.hand_over, {"next": {"tenantId": tenant_id}}), tenant_id)
        for what, id in concerned:
            if what == "next":
                self._told(partial(self.hand_over, {"next": {"tenantId": tenant_id, "workflowId": id}}), id)
            elif what == "error":
                self._told(partial(self.hand_over, {"failed": {"tenantId": tenant_id, "executionId": id}}), id)

    def _is_waited_for_room(self, tenant_id: str) -> bool:
        """Whether executions wait for room in the tenant's plan: then turns are given to all of the tenant."""
        found = self.link.tenant(tenant_id, lambda it: it.execute(_ROOM, (tenant_id,), prepare=True).fetchone())
        return found is not None

    def _cut_off(self, tenant_id: str, recorded: Recorded) -> None:
        """End what waits where something beside it failed: told of now, or before what waits told that it does."""
        concerned = [id for id, events in recorded.events.items() if any(map(_may_cut_off, events))]
        if concerned:
            self._stop(tenant_id, self.waits.within(tenant_id, lambda it: cut_off(self.waits, it, concerned)))

    def _retried(self, tenant_id: str, recorded: Recorded) -> list[str]:
        """Return the waits of steps that wait in a later attempt: what the first one called may have ended before."""
        callers = [id for id, events in recorded.events.items() if any(map(_waits_again, events))]
        return self.link.tenant(tenant_id, lambda it: called.of_callers(it, callers)) if callers else []

    def _answer(self, tenant_id: str, wait_id: str, ends: Mapping[str, Event]) -> None:
        """Let a step go on, or fail, where all executions that it waits for have ended."""

        def work(connection: Connection) -> None:
            wait = self.waits.find(connection, wait_id)
            if wait is None or wait.state is not State.OPEN:
                return
            ended = called.ends(connection, called.names(wait))
            if ended is None:
                return
            try:
                result = gathered(self.claims, tenant_id, wait, [_as_told(one, ends.get(one.id)) for one in ended])
            except NodeError as error:
                if error.retryable:
                    raise SettleLater(error.message) from error
                outcome = next((one.status for one in ended if one.status != "succeeded"), "failed")
                self.waits.fail(connection, wait, error.to_json(), outcome)
            else:
                state = self.waits.succeed(connection, wait, result.output, "succeeded")
                if state is State.RESOLVED and result.failures:
                    self.waits.tell(connection, wait.execution_id, _log(wait, result.failures, len(ended)))

        try:
            self.waits.within(tenant_id, work)
        except TokensAway as error:
            raise SettleLater(str(error)) from error

    def _stop(self, tenant_id: str, left: list[called.Left]) -> None:
        """End executions that nobody waits for any more: first those that wait for their turn, so that none gets it."""
        queued = [one for one in left if one.has_turn]
        ended: set[str] = set()
        if queued:
            ended = self.waits.within(tenant_id, lambda it: called.end_queued(self.waits, it, queued))
        running = [(one, one.arn) for one in left if one.arn is not None and one.id not in ended]
        if not running:
            return

        def stop(one: called.Left, arn: str) -> bool:
            return self._told(partial(self.machines.stop, arn, cause=_NOBODY), one.id)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            stopped = list(pool.map(lambda it: stop(*it), running))
        if any(one.has_turn and not was for (one, _), was in zip(running, stopped, strict=True)):
            raise SettleLater("an execution that nobody waits for is about to begin, for its turn has come")

    @staticmethod
    def _told(tell: Callable[[], None], execution_id: str) -> bool:
        """Tell somebody, and return whether that worked. Raises SettleLater where it may work later."""
        try:
            tell()
        except AwsError as error:
            if error.retryable:
                raise SettleLater(f"AWS did not take it ({error.code})") from error
            if error.code not in _GONE:
                logger().error("an end could not be told", ended=execution_id, error=str(error))
                count(Metric.FAILED)
            return False
        return True


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


def _waits(events: list[Event]) -> bool:
    return any(event["type"] == EventType.NODE_WAITING for event in events)


def _may_cut_off(event: Event) -> bool:
    return event["type"] == EventType.NODE_WAITING or "cutOff" in event


def _waits_again(event: Event) -> bool:
    waits = event["type"] == EventType.NODE_WAITING and event.get("attempt", 1) > 1
    return waits and event.get("waiting", {}).get("kind") == "workflow"


def _as_told(one: called.Ended, end: Event | None) -> called.Ended:
    """Return an ended execution with its output as it came, where its end is one of those just recorded."""
    if end is None or end["type"] != EventType.EXECUTION_SUCCEEDED or one.status != "succeeded":
        return one
    return replace(one, output=end.get("output"))


def _log(wait: Wait, failures: list[ChildFailed], total: int) -> Event:
    """Return the log line about executions that failed where the step goes on."""
    name = wait.details.get("workflowName", "")
    told = [{"item": failure.item, "executionId": failure.details["executionId"]} for failure in failures]
    return event(
        EventType.NODE_LOG,
        id=f"{wait.execution_id}-{wait.node_id}-failed-{wait.iteration}-{wait.attempt}",
        level="error",
        message=f"{len(failures)} of {total} executions of {name!r} did not succeed.",
        data=told,
        **called.fields(wait),
    )
