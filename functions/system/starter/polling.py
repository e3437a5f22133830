"""A trigger that polls: what is new is asked for, written down, started, and only then is the cursor moved on.

Each new thing starts the workflow once (ADR 22): whoever dies between two of these steps leaves what the next poller
goes on from. What was found lies in the registration until its execution is started, whose id follows from the
registration and a number, so that starting it again does nothing. No row is locked while anything is asked or started.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol
from uuid import UUID

from functions.system.starter.claims import ClaimLost, Claims, Pending, Registration
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.model.events import ErrorInfo
from stepweave.model.items import INLINE_LIMIT, Batch, Item
from stepweave.model.polled import polled_items
from stepweave.model.sizes import size_text
from stepweave.runtime.claims import encode
from stepweave.runtime.errors import NodeError
from stepweave.runtime.starting import Launch, execution_id_of
from stepweave_data.no_room import NoRoom
from stepweave_data.telemetry import about, logger

LIMIT: Final = 100
"""Things of one execution."""
ASK_SECONDS: Final = 50.0
ROUNDS: Final = 10
"""Polls on end where there is more."""
ROUND_SECONDS: Final = 120.0
"""After which no further round begins."""
TOLD_AFTER: Final = 5
"""Failures in a row that are a failed execution."""
_MOST_CURSOR_BYTES: Final = 256 * 1024
_LONGEST_PAUSE: Final = 24 * 3600.0
_SLOWEST: Final = 3600.0
_SLOWEST_IN_PART: Final = 900.0
_EARLY: Final = 20.0
"""Seconds by which a clock may fire before it is due."""


class Asks(Protocol):
    """What is needed of node functions (`stepweave.aws.control.node_functions`)."""

    def ask(
        self, type: str, version: int, payload: Mapping[str, Any], seconds: float, *, repeatable: bool = False
    ) -> Any:
        """Ask the function of a node type, and return its answer. Raises AskFailed, AwsError."""


class EventInvalid(Exception):
    """What EventBridge Scheduler sent names no registration."""


@dataclass(frozen=True)
class Polling:
    """Serves the clocks of triggers that poll.

    Attributes:
        claims: the registrations.
        asks: node functions.
        outside: stores large items.
        start: starts an execution, or queues it: takes a start request, returns whether it waits for its turn.
        tell: writes a failed execution of a registration: takes its id and the error.
    """

    claims: Claims
    asks: Asks
    outside: Launch
    start: Callable[[dict[str, Any]], bool]
    tell: Callable[[Registration, str, ErrorInfo], None]
    clock: Callable[[], float] = time.monotonic

    def serve(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Poll a registration, and return `{"executionIds"}`, or `{"skipped": reason}`.

        Args:
            event: `tenantId`, `registrationId`.

        Raises:
            EventInvalid: one of these is missing or malformed.
            psycopg.Error: what was found is kept or was not asked for; the next poll goes on from there.
            NodeError: likewise: what was found could not be stored or started.
            AwsError: likewise.
        """
        tenant_id, id = _read(event)
        about(tenant_id=tenant_id)
        taken = self.claims.take(tenant_id, id)
        if isinstance(taken, str):
            return {"skipped": taken}
        claim, it = taken
        try:
            return {"executionIds": self._rounds(it, claim)}
        except ClaimLost:
            return {"skipped": "another poll took over"}
        except NoRoom as error:
            return {"skipped": str(error)}  # what was found is kept, and started by a later poll
        finally:
            self.claims.release(it, claim)

    def _rounds(self, it: Registration, claim: str) -> list[str]:
        ends, begun = self.clock() + ROUND_SECONDS, []
        for _ in range(ROUNDS):
            pending = it.pending
            if pending is None:
                pending = self._polled(it, claim)
                if pending is None:
                    break
                it = replace(it, number=it.number + 1)
            id = it.last_execution_id
            queued = self.start(_request(it, pending, id))
            begun.append(id)
            self.claims.started(it, claim)
            it = replace(it, pending=None, cursor=pending.cursor)
            if queued or not pending.more or self.clock() >= ends:
                break
        return begun

    def _polled(self, it: Registration, claim: str) -> Pending | None:
        """Ask what is new, and write it down; None where nothing is, or where asking failed."""
        try:
            items, cursor, more, failure = self._asked(it)
        except (AskFailed, AwsError) as error:
            self._failed(it, claim, error)
            return None
        if failure is not None and not items:
            self._failed(it, claim, failure, cursor)
            return None
        if not items:
            self.claims.nothing(it, claim, cursor)
            return None
        pending = Pending(self._batch(it, items), cursor, more)
        self.claims.found(it, claim, pending)
        return pending

    def _asked(self, it: Registration) -> tuple[list[Item], Any, bool, AskFailed | None]:
        """Return what is new, of things that are large together fewer, and what failed beside."""
        limit = LIMIT
        while True:
            try:
                given = {"cursor": it.cursor, "first": False, "limit": limit}
                answer = self.asks.ask(it.type, it.version, _payload(it, given), ASK_SECONDS, repeatable=True)
                return *read_answer(answer), _failed_beside(answer)
            except AskFailed as failure:
                if failure.type != "DataTooLarge" or limit == 1:
                    raise
                limit = max(limit // 5, 1)

    def _batch(self, it: Registration, items: list[Item]) -> Batch:
        content = encode(items)
        # Postgres cannot look into JSON that holds NUL.
        if len(content) <= INLINE_LIMIT and b"\\u0000" not in content:
            return {"count": len(items), "items": items}
        id = execution_id_of(it.id, str(it.number + 1))
        return self.outside.claims.store(f"{it.tenant_id}/{id}/{it.node_id}/1-main.json", items, content)

    def _failed(self, it: Registration, claim: str, failure: AskFailed | AwsError, cursor: Any = None) -> None:
        error, after = error_of(failure)
        logger().info("a poll failed", registration=it.id, failures=it.failures + 1, error=error["type"])
        if it.failures + 1 == TOLD_AFTER:
            # Before it is written down: told again, it is the same execution.
            self.tell(it, execution_id_of(it.id, "failed", it.last_polled), error)
        in_part = isinstance(failure, AskFailed) and failure.details.get("inPart") is True
        pause = pause_of(it.failures + 1, interval_of(it.expression), after, in_part=in_part)
        self.claims.failed(it, claim, error, pause, cursor)


def read_answer(answer: Any) -> tuple[list[Item], Any, bool]:
    """Return the items, the cursor and whether there is more, of what a function answered.

    Raises:
        AskFailed: it is no such answer.
    """
    items, cursor = polled_items(answer), answer.get("cursor") if isinstance(answer, Mapping) else None
    problem = ""
    if items is None:
        problem = "its items are no list of objects, or its files not theirs"
    elif cursor is None:
        problem = "it has no cursor"
    elif len(encode([{"json": {"cursor": cursor}}])) > _MOST_CURSOR_BYTES:
        problem = f"its cursor is larger than {size_text(_MOST_CURSOR_BYTES)}"
    if problem or items is None:
        remedy = "This is a mistake in the node: report it with the node's type."
        raise AskFailed(
            {"type": "ResultInvalid", "message": f"The poll's answer is none: {problem}.", "remedy": remedy}
        )
    return items, cursor, bool(answer.get("more")) and bool(items)


def _failed_beside(answer: Mapping[str, Any]) -> AskFailed | None:
    """Return what an answer says that failed (`failed`), though there is a cursor to keep."""
    failed = answer.get("failed")
    return AskFailed(failed) if isinstance(failed, Mapping) else None


def error_of(failure: AskFailed | AwsError | NodeError) -> tuple[ErrorInfo, float]:
    """Return a failure for people, and the seconds after which it may be asked again (0 where nobody said)."""
    if isinstance(failure, AskFailed):
        error: ErrorInfo = {"type": failure.type, "message": failure.message, "retryable": failure.retryable}
        if failure.remedy:
            error["remedy"] = failure.remedy
        if failure.details:
            error["details"] = failure.details
        return error, failure.retry_after or 0.0
    code = failure.code if isinstance(failure, AwsError) else type(failure).__name__
    message = f"The node's function could not be asked ({code})."
    return {"type": "PollFailed", "message": message, "remedy": "It is asked again.", "retryable": True}, 0.0


def pause_of(failures: int, interval: float, after: float, *, in_part: bool = False) -> float:
    """Return the seconds for which a trigger is left alone that failed so many times in a row.

    Twice as long each time, an hour at most, or its interval where that is longer; and as long as the server wants, a
    day at most. Where others of several that it asks have answered (`in_part`), a quarter of an hour at most.
    """
    slowest = _SLOWEST_IN_PART if in_part else _SLOWEST
    slower = min(interval * float(2 ** min(failures - 1, 20)), max(interval, slowest))
    return max(slower - _EARLY, min(after, _LONGEST_PAUSE))


def interval_of(expression: str) -> float:
    """Return the seconds between two polls, by the registration's line."""
    from stepweave.spec.schedules import Rate, parse_schedule

    schedule = parse_schedule(expression)
    return float(schedule.seconds) if isinstance(schedule, Rate) else 60.0


def _payload(it: Registration, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "ask": "poll",
        "tenantId": it.tenant_id,
        "workflowId": it.workflow_id,
        "node": {"id": it.node_id, "name": it.node_id, "type": it.type, "version": it.version},
        "params": it.params,
        "given": given,
    }


def _request(it: Registration, pending: Pending, id: str) -> dict[str, Any]:
    return {
        "target": it.target,
        "trigger": "app",
        "nodeId": it.node_id,
        "items": pending.batch if "ref" in pending.batch else pending.batch["items"],
        "mode": "live",
        "executionId": id,
    }


def _read(event: Mapping[str, Any]) -> tuple[str, str]:
    try:
        return str(UUID(event["tenantId"])), str(UUID(event["registrationId"]))
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        words = "a poll has tenantId and registrationId (UUIDs)"
        raise EventInvalid(f"{words}; this one does not: {error!r}") from error
