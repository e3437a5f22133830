"""Debug runs: what waits at stops, and how it goes on.

A stop's row is locked while Step Functions is told: of two people one lets the node go, the other learns who did.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from api import codes
from api.ports import Storage
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services import breakpoints, edits
from api.services.items import resolved
from api.services.tokens import Principal
from stepweave.aws import AwsError
from stepweave.expressions import ExpressionError, references
from stepweave.expressions.preview import Preview, preview
from stepweave.model.events import Event, EventType
from stepweave.model.items import Batch
from stepweave.model.json_text import write
from stepweave.model.lineage import placed, without
from stepweave.model.workflow import Node, Workflow
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import EventDeliveryError
from stepweave.runtime.events import Outbox, Send, event
from stepweave.runtime.starting import given_event_id
from stepweave_data.debugging import LEAVES, left_with, skipped_event_id
from stepweave_data.hooks.waits import GONE, Tokens, context_of
from stepweave_data.models import DebugRun, DebugStop, Execution
from stepweave_data.telemetry import logger

Action = Literal["step", "run", "skip", "fail"]
DONE = {
    "step": "let it run and stop at the next node",
    "run": "let it run on",
    "skip": "passed it over",
    "fail": "let it fail",
}
"""Action -> what the person did, for the one who comes second."""


@dataclass(frozen=True)
class Shown:
    """What waits in an execution, and where it stops."""

    run: DebugRun
    stops: list[DebugStop]


@dataclass(frozen=True)
class At:
    """A stop, its execution and its node."""

    stop: DebugStop
    execution: Execution
    node: Node


def show(principal: Principal, execution_id: uuid.UUID) -> Shown:
    """Return a debug run with what waits now. Raises Refused: `not_found`, `not_a_debug_run`."""
    with rows_of(principal.tenant_id) as rows:
        run = _run(rows, execution_id)
        return Shown(run, [stop for stop, _ in rows.debugging.stops(execution_id)])


def change(principal: Principal, execution_id: uuid.UUID, wanted: list[dict[str, Any]], on_error: bool | None) -> Shown:
    """Let a debug run stop elsewhere, from now on. Raises Refused: as `show`, and as `breakpoints.checked`."""
    with rows_of(principal.tenant_id) as rows:
        run = _run(rows, execution_id, lock=True)
        execution = rows.executions.find(execution_id)
        document = Workflow.model_validate((execution.document if execution else None) or {})
        told = [given_event_id(str(execution_id), node.id) for node in document.nodes]
        given = rows.executions.sources(execution_id, told)
        run.breakpoints = breakpoints.checked(document, wanted, given=given, field="breakpoints")
        if on_error is not None:
            run.on_error = on_error
        rows.write()
        return Shown(run, [stop for stop, _ in rows.debugging.stops(execution_id)])


def inputs_at(
    principal: Principal, storage: Callable[[], Storage], execution_id: uuid.UUID, stop_id: uuid.UUID
) -> tuple[DebugStop, dict[str, list[Any]]]:
    """Return a stop with the items that are about to go in, by port. Raises Refused: `not_found`, `items_gone`."""
    with rows_of(principal.tenant_id) as rows:
        stop = _at(rows, execution_id, stop_id).stop
    return stop, _items(principal, storage, stop)


def evaluate(
    principal: Principal,
    storage: Callable[[], Storage],
    execution_id: uuid.UUID,
    stop_id: uuid.UUID,
    text: str,
    index: int,
    items: Mapping[str, list[Any]] | None,
) -> tuple[Any, ExpressionError | None, int]:
    """Return what an expression gives at a stop, on `items` in place of those that wait; or why it gives nothing.

    Raises:
        Refused: `not_found`, `items_gone`, `edit_refused`.
    """
    with rows_of(principal.tenant_id) as rows:
        at = _at(rows, execution_id, stop_id)
        document = Workflow.model_validate(at.execution.document or {})
        ids = {node.name: node.id for node in document.nodes}
        around = _around(at.stop.iteration)
        runs = rows.node_runs.with_output(execution_id, set(ids.values()) - {at.node.id}, around)
        environment = rows.environments.find(at.execution.environment)
        variables = rows.variables.seen_in(environment) if environment and "$vars" in text else {}
    outputs = {run.node_id: run.output or {} for run in runs}
    rounds = {run.node_id: run.iteration for run in runs}
    if items is not None:
        edits.check(at.stop.details["inputs"], items)
    main = _main(principal, storage, at.stop, items, rounds)
    read = references(text)
    named = {name: id for name, id in ids.items() if id in outputs and (read.dynamic or name in read.names)}
    seen = {
        name: {port: without(resolved(batch, principal.tenant_id, storage)) for port, batch in outputs[id].items()}
        for name, id in named.items()
    }
    missing = {name: None for name in read.names if name in ids and name not in named}
    settings = document.settings
    workflow = {"id": str(at.stop.workflow_id), "name": document.name, "timeZone": settings.time_zone}
    wanted = Preview(
        text,
        min(index, max(len(main) - 1, 0)),
        [{"json": item["json"]} for item in main],
        {**seen, **missing},
        workflow,
        {
            "id": str(execution_id),
            "mode": at.execution.mode,
            "trigger": at.execution.trigger,
            "startedAt": at.execution.started_at.isoformat(),
            "environment": at.execution.environment,
        },
        [item.get("origin", {}) for item in main],
        ids,
        at.stop.iteration,
        variables,
    )
    try:
        return preview(wanted), None, len(main)
    except ExpressionError as error:
        return None, error, len(main)


@dataclass(frozen=True)
class Debugger:
    """Lets nodes go on."""

    tokens: Callable[[], Tokens]
    send: Callable[[], Send]
    claims: Callable[[], Claims]
    storage: Callable[[], Storage]

    def go_on(
        self,
        principal: Principal,
        execution_id: uuid.UUID,
        stop_id: uuid.UUID,
        action: Action,
        items: Mapping[str, list[Any]] | None,
    ) -> None:
        """Let a node go on from its stop, perhaps with other items.

        Raises:
            Refused: `not_found`; `stop_ended`, which says who was first; `stop_gone`; `edit_refused`; `items_gone`;
                `not_resumed` where the workflow could not be told, and then nothing has changed.
        """
        with rows_of(principal.tenant_id) as rows:
            at = _at(rows, execution_id, stop_id, lock=True)
            stop = at.stop
            _check_open(rows, at)
            if action == "fail" and stop.reason != "error":
                raise Refused(codes.EDIT_REFUSED, "Only a step that has failed can be let fail.")
            answer = edits.answer(at.node, stop, action, items, self.claims(), principal.tenant_id)
            run = rows.debugging.run(execution_id, lock=True)
            if run is not None:
                keys = left_with(stop.node_id, stop.iteration, stop.details)
                rows.debugging.leave(run, keys, by_step=action in LEAVES)
                rows.write()  # and stays locked: the next node asks as soon as the token is answered
            gone = self._tell(stop, answer)
            stop.state, stop.ended_at = ("gone" if gone else "ended"), datetime.now(UTC)
            stop.action, stop.ended_by = action, principal.user_id
            about = {"nodeId": stop.node_id, "wayOn": action, "edited": items is not None}
            rows.note(principal.user_id, "execution.stop_ended", execution_id, before={}, after={}, **about)
            context = context_of(rows.connection, str(execution_id))
            told = [] if gone else _events(stop, action, answer, rows.debugging.who(principal.user_id))
        outbox = Outbox(context, self.send())
        outbox.add(*told)
        try:
            outbox.close()
        except EventDeliveryError as error:
            # The node goes on; who watches finds out by what it tells itself.
            logger().error("a stop's end could not be told", execution_id=str(execution_id), error=str(error))
        if gone:
            raise Refused(codes.STOP_GONE, "Nothing waits here any more: something beside it failed, or the run ended.")

    def _tell(self, stop: DebugStop, answer: Mapping[str, Any]) -> bool:
        """Answer the token; return whether nothing waits for it any more."""
        try:
            self.tokens().succeed(stop.token, write(answer))
        except AwsError as error:
            if error.code in GONE:
                return True
            words = f"The workflow could not be told ({error.code}). Nothing has changed; try again."
            raise Refused(codes.NOT_RESUMED, words) from error
        return False


def _run(rows: Rows, execution_id: uuid.UUID, *, lock: bool = False) -> DebugRun:
    if rows.executions.find(execution_id) is None:
        raise codes.not_found("execution")
    run = rows.debugging.run(execution_id, lock=lock)
    if run is None:
        raise Refused(codes.NOT_A_DEBUG_RUN, "This execution is no debug run: start one in the editor.")
    return run


def _at(rows: Rows, execution_id: uuid.UUID, stop_id: uuid.UUID, *, lock: bool = False) -> At:
    stop = rows.debugging.stop(execution_id, stop_id, lock=lock)
    execution = rows.executions.find(execution_id)
    if stop is None or execution is None:
        raise codes.not_found("stop")
    document = Workflow.model_validate(execution.document or {})
    return At(stop, execution, next(node for node in document.nodes if node.id == stop.node_id))


def _check_open(rows: Rows, at: At) -> None:
    stop, name = at.stop, at.node.name
    if stop.state == "ended":
        who, what = rows.debugging.who(stop.ended_by), DONE.get(stop.action or "", "ended the stop")
        ended = stop.ended_at.astimezone(UTC).isoformat(timespec="seconds") if stop.ended_at else ""
        raise Refused(
            codes.STOP_ENDED, f"{who} was first at {name!r} and {what}.", by=who, action=stop.action, at=ended
        )
    if stop.state == "expired":
        raise Refused(codes.STOP_GONE, f"The time to go on at {name!r} was over, and the run has ended.")
    if stop.state != "open" or at.execution.status not in ("queued", "running"):
        raise Refused(codes.STOP_GONE, f"Nothing waits at {name!r} any more: the run has gone past it or ended.")


def _main(
    principal: Principal,
    storage: Callable[[], Storage],
    stop: DebugStop,
    items: Mapping[str, list[Any]] | None,
    rounds: Mapping[str, str],
) -> list[Any]:
    """Return the items of the first input with their lineage: those that came in, or those in whose place others are.

    The nodes that they come from straight are in it, too, so that `$('A').item` finds its item whether or not
    the workflow's own expressions read it.
    """
    port, batches = next(iter(stop.details["inputs"].items()), ("main", []))
    came_in: list[Any] = []
    for batch in batches:
        found = resolved(dict(batch), principal.tenant_id, storage)
        node_id, source_port = batch.get("of") or ("", "")
        came_in += placed(found, node_id, source_port, rounds.get(node_id, "")) if node_id else found
    if items is None or port not in items:
        return came_in
    origins = [item.get("origin", {}) for item in came_in]
    return [{**item, "origin": origins[at] if at < len(origins) else {}} for at, item in enumerate(items[port])]


def _items(principal: Principal, storage: Callable[[], Storage], stop: DebugStop) -> dict[str, list[Any]]:
    ports: dict[str, list[Batch]] = stop.details["inputs"]
    return {
        port: without([item for batch in batches for item in resolved(dict(batch), principal.tenant_id, storage)])
        for port, batches in ports.items()
    }


def _around(iteration: str) -> list[str]:
    """Return a round and those around it, the outermost, which is none, first."""
    parts = iteration.split(".") if iteration else []
    return [".".join(parts[:count]) for count in range(len(parts) + 1)]


def _events(stop: DebugStop, action: str, answer: Mapping[str, Any], who: str) -> list[Event]:
    within = {"iteration": stop.iteration} if stop.iteration else {}
    place = f"{stop.execution_id}-{stop.node_id}"
    found = [
        event(
            EventType.NODE_RELEASED,
            id=f"{place}-released-{stop.iteration}-{stop.number}",
            nodeId=stop.node_id,
            stop={"id": str(stop.id), "action": action, "by": who, "edited": "inputs" in answer},
            **within,
        )
    ]
    if "skip" in answer:
        found.append(
            event(
                EventType.NODE_SUCCEEDED,
                id=skipped_event_id(str(stop.execution_id), stop.node_id, stop.iteration),
                nodeId=stop.node_id,
                attempt=stop.number + 1,
                input=answer.get("inputs") or stop.details["inputs"],
                output=answer["skip"]["output"],
                durationMs=0.0,
                source={"kind": "skipped"},
                **within,
            )
        )
    return found
