"""A node's call of another workflow: checked, its rows made, and the executions started.

The rows come first: of the wait, so that the recorder finds who waits when the called workflow ends, and of the
executions with their parents, so that nesting is counted. Ids follow from the node run's attempt: a call that Lambda
repeats starts nothing twice. Where each item has an execution that is waited for they follow from the run alone: the
next attempt waits for what the first one started, and starts the rest.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from functions.system.starter import callees
from functions.system.starter.callees import Callee, Refused
from stepweave.aws import AwsError
from stepweave.model.environments import PRODUCTION
from stepweave.model.events import ParentRun
from stepweave.model.items import INLINE_LIMIT, Batch, Item
from stepweave.runtime.calling import MOST_EACH, MOST_NESTED, Call
from stepweave.runtime.claims import encode, key_of
from stepweave.runtime.errors import NodeError
from stepweave.runtime.idempotency import idempotency_key
from stepweave.runtime.starting import Launch, Start, StartFailed, Target, execution_arn_of, execution_id_of, start
from stepweave.spec.called import Input, fitted
from stepweave_data import room
from stepweave_data.link import Connection, Link
from stepweave_data.no_room import NoRoom
from stepweave_data.telemetry import about
from stepweave_data.turns import admit_within

HandOver = Callable[[dict[str, Any]], None]
"""Has the starter launch a request, and does not wait. Raises AwsError."""

_PARENT: Final = """
INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, machine_type, started_at,
                        parent_execution_id, parent_node_id, parent_iteration)
VALUES (%s, %s, %s, %s, %s, %s, 'running', 'standard', %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
_STATUS: Final = "SELECT status FROM executions WHERE id = %s FOR SHARE"
_KNOWN: Final = "SELECT 1 FROM executions WHERE id = ANY (%s::uuid[])"
_UP: Final = """
WITH RECURSIVE up AS (
  SELECT parent_execution_id, workflow_id, 1 AS depth FROM executions WHERE id = %s
  UNION ALL
  SELECT x.parent_execution_id, x.workflow_id, up.depth + 1 FROM up JOIN executions x ON x.id = up.parent_execution_id
  WHERE up.depth <= %s
) SELECT max(depth), bool_or(workflow_id = %s) FROM up
"""
_CHILD: Final = """
INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, machine_type, started_at,
                        execution_arn, parent_execution_id, parent_node_id, parent_iteration)
VALUES (%s, %s, %s, %s, 'live', 'workflow', 'queued', %s, now(), %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
_WAIT: Final = """
INSERT INTO waits (tenant_id, execution_id, workflow_id, node_id, iteration, attempt, kind, token, details, created_at,
                   expires_at)
VALUES (%s, %s, %s, %s, %s, %s, 'workflow', %s, %s, now(), %s)
ON CONFLICT (execution_id, node_id, iteration, attempt) DO NOTHING
"""
_RESUMED: Final = ("inlineLimit", "goesOn", "alwaysOutput", "origin", "origins", "input", "failurePort")
"""What of the caller's wait is for whoever ends it."""
_NEVER_STARTED: Final = "DELETE FROM executions WHERE id = ANY (%s) AND status = 'queued' AND last_seq = 0"
_WAITED_FOR: Final = """
SELECT 1 FROM waits WHERE execution_id = %s AND node_id = %s AND iteration = %s AND attempt = %s AND state = 'open'
"""
_NOT_WAITED_FOR: Final = """
DELETE FROM waits WHERE execution_id = %s AND node_id = %s AND iteration = %s AND attempt = %s AND state = 'open'
"""
# What has been started is stopped when the node run has ended: the recorder finds it by its wait.
_WAITED_FOR_NO_MORE: Final = """
UPDATE waits SET state = 'cancelled', resolved_at = now()
WHERE execution_id = %s AND node_id = %s AND iteration = %s AND attempt = %s AND state = 'open'
"""


@dataclass(frozen=True)
class Calls:
    """Serves calls. `hand_over` is for Express executions, which last as long as whoever runs them."""

    link: Link
    outside: Launch
    hand_over: HandOver

    def serve(self, call: Call) -> dict[str, Any]:
        """Start what a call asks for and return `{"workflowName", "executionIds"}`, or `{"refused": ...}`.

        Raises:
            psycopg.Error: nothing was started, and trying again may help.
        """
        about(tenant_id=call["context"]["tenantId"], execution_id=call["context"]["executionId"])
        try:
            return self._serve(call)
        except Refused as refused:
            return refused.answer
        except NodeError as error:
            return Refused(type(error).__name__, error.message, error.remedy).answer

    def _serve(self, call: Call) -> dict[str, Any]:
        tenant_id, caller_id = call["context"]["tenantId"], call["context"]["workflowId"]
        found = self.link.tenant(tenant_id, lambda it: callees.find(it, tenant_id, caller_id, *_called(call)))
        batch, items = self._given(call, found)
        ids = [_execution_id(call, number) for number in range(len(items) if call["each"] else 1)]
        if not 0 < len(ids) <= MOST_EACH:
            raise Refused("WorkflowCallRefused", f"One call starts at least one and at most {MOST_EACH} executions.")
        given: list[list[Item] | Batch] = [[item] for item in items] if call["each"] else [batch]
        starts = [_start_of(call, found, number, *it) for number, it in enumerate(zip(ids, given, strict=True))]
        try:
            queued = self.link.tenant(tenant_id, lambda it: self._prepare(it, call, found, starts))
        except NoRoom as full:
            remedy = "Try again later, start fewer at a time, or change the plan."
            raise Refused("StarterUnavailable", str(full), remedy) from None
        for number, it in enumerate(starts):
            if it.execution_id in queued:
                continue
            if number and _gathers(call) and not self._is_waited_for(call):
                self._undo(call, ids[number:], number)
                raise Refused("WorkflowNotCallable", "The calling execution does not wait any more.")
            try:
                self._start(it)
            except (AwsError, StartFailed, NodeError) as error:
                if isinstance(error, StartFailed) and _gathers(call):
                    continue  # its history has the failure: it is one of those that have failed
                raise self._not_started(call, ids[number:], number, error) from error
        return {"workflowName": found.name, "executionIds": ids}

    def _given(self, call: Call, found: Callee) -> tuple[Batch, list[Item]]:
        """Return what the workflow gets, as a batch, and its items where they are looked at. Raises Refused."""
        inputs, tenant_id = found.inputs(), call["context"]["tenantId"]
        if not inputs and not call["each"]:
            return call["batch"], []
        items = self.outside.claims.fetch(call["batch"], tenant_id)
        convert = call.get("convert", False) or bool(found.params.get("convert"))
        fit = _fitted(found, inputs, items, convert=convert)
        if call["each"] or all(one is item for one, item in zip(fit, items, strict=True)):
            return call["batch"], fit
        content = encode(fit)
        if len(content) <= INLINE_LIMIT:
            return {"count": len(fit), "items": fit}, fit
        key = key_of(call["context"], call["nodeId"], call["attempt"], "fitted", call["iteration"])
        return self.outside.claims.store(key, fit, content), fit

    def _prepare(self, connection: Connection, call: Call, found: Callee, starts: list[Start]) -> set[str]:
        """Make a call's rows, and return the ids of what waits for its turn. Raises Refused."""
        context = call["context"]
        tenant_id, caller_id = context["tenantId"], context["executionId"]
        self._caller(connection, call)
        row = connection.execute(_UP.encode(), (caller_id, MOST_NESTED, found.target["workflow_id"])).fetchone()
        depth, is_own = (row[0] or 0, bool(row[1])) if row is not None else (0, False)
        if depth > MOST_NESTED:
            raise Refused(
                "NestedTooDeep",
                f"{found.name!r} would be the workflow number {depth + 1} in one another; {MOST_NESTED} calls deep "
                "is the most.",
                "Look for workflows that call each other without end.",
            )
        if "wait" in call:  # first: who waits leaves room for what it calls
            self._wait(connection, call, found, [it.execution_id for it in starts])
        self._check_month(connection, tenant_id, [it.execution_id for it in starts])
        queued: set[str] = set()
        for it in starts:
            id, target = it.execution_id, it.target
            arn = execution_arn_of(target.machine_arn, id) if target.machine_type == "standard" else None
            version = target.workflow_version
            values = (id, tenant_id, target.workflow_id, version, target.machine_type, arn, *_place(call))
            connection.execute(_CHILD.encode(), values)
            # At once, as a row without a turn counts as one that runs. What is called within its own workflow, directly
            # or through others, would wait for an execution that waits for it.
            if not admit_within(connection, it.to_json() | ({"own": True} if is_own else {})):
                queued.add(id)
        return queued

    @staticmethod
    def _check_month(connection: Connection, tenant_id: str, ids: list[str]) -> None:
        """See that the month has room for all that a call begins. Raises NoRoom."""
        limits = room.limits_of(connection, tenant_id)
        if limits.month is not None:
            known = len(connection.execute(_KNOWN.encode(), (ids,)).fetchall())
            room.check_month(connection, limits, len(ids) - known)

    def _caller(self, connection: Connection, call: Call) -> None:
        """Make the caller's row where the recorder has not yet. Raises Refused when the caller has ended."""
        context = call["context"]
        parent = context.get("parent")
        values = (
            context["executionId"],
            context["tenantId"],
            context["workflowId"],
            context["workflowVersion"],
            context["mode"],
            context["trigger"],
            context["startedAt"],
            *((parent["executionId"], parent["nodeId"], parent["iteration"]) if parent else (None, None, None)),
        )
        connection.execute(_PARENT.encode(), values)
        row = connection.execute(_STATUS.encode(), (context["executionId"],)).fetchone()
        if row is None or row[0] not in ("queued", "running"):
            raise Refused("WorkflowNotCallable", "The calling execution has ended.")

    def _wait(self, connection: Connection, call: Call, found: Callee, ids: list[str]) -> None:
        context, wait = call["context"], call["wait"]
        resume = {key: value for key, value in wait.items() if key in _RESUMED}
        details: dict[str, Any] = {
            "executionId": ids[0],
            "workflowId": call["workflowId"],
            "workflowName": found.name,
            "expiresAt": wait["expiresAt"],
            "resume": {"goesOn": False, "origin": {}, **resume},
        }
        if call["each"]:
            details["executionIds"] = ids
        values = (
            context["tenantId"],
            context["executionId"],
            context["workflowId"],
            call["nodeId"],
            call["iteration"],
            call["attempt"],
            wait["token"],
            json.dumps(details),
            wait["expiresAt"],
        )
        connection.execute(_WAIT.encode(), values)

    def _start(self, it: Start) -> None:
        if it.target.machine_type == "express":
            self.hand_over(replace(it, admitted=True).to_json())
        else:
            start(it, self.outside)

    def _is_waited_for(self, call: Call) -> bool:
        """Whether the caller still waits: it may be cancelled while what it calls is started."""
        values = (*_place(call), call["attempt"])
        tenant_id = call["context"]["tenantId"]
        found = self.link.tenant(tenant_id, lambda it: it.execute(_WAITED_FOR.encode(), values).fetchone())
        return found is not None

    def _undo(self, call: Call, ids: list[str], started: int) -> None:
        """Take back the rows of what did not start, and the wait."""

        def undo(connection: Connection) -> None:
            values = (*_place(call), call["attempt"])
            connection.execute((_WAITED_FOR_NO_MORE if started else _NOT_WAITED_FOR).encode(), values)
            connection.execute(_NEVER_STARTED.encode(), (ids,))

        self.link.tenant(call["context"]["tenantId"], undo)

    def _not_started(self, call: Call, ids: list[str], started: int, error: Exception) -> Refused:
        """Take back the rows of what did not start, and return what the caller is told."""
        self._undo(call, ids, started)
        reason = error.code if isinstance(error, AwsError | StartFailed) else type(error).__name__
        if started and "wait" not in call:
            words = f"{started} executions were started, the next was not ({reason})."
            return Refused("WorkflowCallRefused", words, "Send the rest again; what was started goes on.")
        return Refused("StarterUnavailable", f"The workflow could not be started ({reason}).", "Try again.")


def _start_of(call: Call, found: Callee, number: int, id: str, given: list[Item] | Batch) -> Start:
    caller, node_id, iteration = _place(call)
    parent: ParentRun = {"executionId": caller, "nodeId": node_id, "iteration": iteration}
    return Start(
        target=Target(**found.target),
        trigger="workflow",
        node_id=found.node_id,
        items=given,
        execution_id=id,
        parent=parent,
        # The same however often the caller calls, and where it is gone on with after a failure.
        origin=idempotency_key(call["context"], node_id, iteration, number),
    )


def _execution_id(call: Call, number: int) -> str:
    attempt = "each" if _gathers(call) else str(call["attempt"])
    return execution_id_of("call", *_place(call), attempt, str(number))


def _gathers(call: Call) -> bool:
    """Whether a call is for one execution for each item, and for the ends of all."""
    return call["each"] and "wait" in call


def _called(call: Call) -> tuple[str, callees.TriggerType, str]:
    return call["workflowId"], "workflow_trigger", call["context"].get("environment", PRODUCTION)


def _place(call: Call) -> tuple[str, str, str]:
    return call["context"]["executionId"], call["nodeId"], call["iteration"]


def _fitted(found: Callee, inputs: list[Input], items: list[Item], *, convert: bool) -> list[Item]:
    """Return items as a workflow expects them. Raises Refused where one is not."""
    fit: list[Item] = []
    for index, item in enumerate(items):
        fields, wrong = fitted(inputs, item["json"], convert=convert, zone=found.zone)
        if wrong is not None:
            words = f"{found.name!r} does not take these items: {wrong.field!r} of item {index} {wrong.reason}."
            remedy = "Send what its trigger expects, or change its expected fields."
            raise Refused("WorkflowCallRefused", words, remedy, {"field": wrong.field, "item": index})
        fit.append(item if fields is item["json"] else {**item, "json": dict(fields)})
    return fit
