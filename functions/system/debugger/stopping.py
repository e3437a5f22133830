"""What is done when a node asks: it is let go at once, or a stop is written down and told."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from functions.system.debugger.deciding import Arrived, Run, Why, why
from stepweave.aws.passes import Bearer
from stepweave.model.environments import PRODUCTION
from stepweave.model.events import EventType
from stepweave.model.items import Batch, Item
from stepweave.model.json_text import write
from stepweave.runtime.ending import read_error
from stepweave.runtime.errors import EventDeliveryError
from stepweave.runtime.events import Outbox, Send, event
from stepweave_data.debugging import left_with
from stepweave_data.history.stored_json import json_text
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import logger
from stepweave_data.variables import all_there

_RUN: Final = """
SELECT d.breakpoints, d.on_error, d.stepped, d.stop_seconds, d.workflow_id, x.status
FROM debug_runs d JOIN executions x ON x.id = d.execution_id WHERE d.execution_id = %s FOR SHARE OF d
"""
"""Whoever ends a stop locks the run until what follows from it is written: a node that comes at once waits for that."""
_STOP: Final = """
INSERT INTO debug_stops
  (tenant_id, execution_id, workflow_id, node_id, iteration, number, reason, details, token, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::json, %s, now() + make_interval(secs => %s))
ON CONFLICT (execution_id, node_id, iteration, number) DO UPDATE SET token = excluded.token
RETURNING id, created_at, expires_at, state
"""
_LEFT: Final = """
UPDATE debug_runs SET stepped = ARRAY(SELECT unnest(stepped) EXCEPT SELECT unnest(%s::text[])) WHERE execution_id = %s
"""
_OPEN: Final = ("queued", "running")


class Tokens(Protocol):
    """What is needed of Step Functions."""

    def succeed(self, token: str, output: str) -> None:
        """End a Task with its output. Raises AwsError."""


class Claims(Protocol):
    """What is needed of the data bucket."""

    def fetch(self, batch: Batch, tenant_id: str) -> list[Item]:
        """Return a batch's items. Raises NodeError."""


@dataclass(frozen=True)
class Stopping:
    """Serves one function. Not thread-safe."""

    link: Link
    tokens: Tokens
    claims: Callable[[], Claims]
    send: Send

    def serve(self, bearer: Bearer, payload: Mapping[str, Any]) -> str | None:
        """Let the node go, or stop it; return the stop's id where it stops.

        Raises:
            psycopg.Error, AwsError: nothing was decided; the Task is tried again.
        """
        tenant_id, execution_id = bearer.tenant_id, str(bearer.execution_id)
        node_id, iteration = payload["node"]["id"], payload.get("iteration", "")
        failure = payload.get("failure")
        number = int(payload.get("attempts", 0))
        row = self.link.tenant(tenant_id, lambda it: it.execute(_RUN, (execution_id,), prepare=True).fetchone())
        if row is None or row[5] not in _OPEN:
            self._let_go(payload, number)
            return None
        *wanted, workflow_id, _ = row
        run = Run(wanted[0], wanted[1], frozenset(wanted[2]), wanted[3])
        arrived = Arrived(node_id, iteration, payload["inputs"], failed=failure is not None)
        claims = self.claims()
        found = why(
            run,
            arrived,
            lambda batch: claims.fetch(batch, tenant_id),
            lambda: self._about(tenant_id, payload["context"], run),
        )
        if found is None:
            left = left_with(node_id, iteration, payload)
            if failure is None and not run.stepped.isdisjoint(left):
                self.link.tenant(tenant_id, lambda it: it.execute(_LEFT, (left, execution_id)))
            self._let_go(payload, number)
            return None
        details = _details(payload, found)

        def stop(connection: Connection) -> Any:
            place = (tenant_id, execution_id, workflow_id, node_id, iteration, number)
            values = (*place, found.reason, json_text(details), payload["taskToken"], run.stop_seconds)
            return connection.execute(_STOP, values, prepare=True).fetchone()

        stop_id, _, expires_at, state = self.link.tenant(tenant_id, stop)
        if state == "open":
            self._tell(payload, str(stop_id), number, found, details, expires_at.isoformat())
        return str(stop_id)

    def _about(self, tenant_id: str, context: Mapping[str, Any], run: Run) -> dict[str, Any]:
        """Return what a condition sees besides items: the variables, too, where one reads any."""
        about = _about(context)
        if any("$vars" in (one.get("condition") or "") for one in run.breakpoints):
            environment = context.get("environment", PRODUCTION)
            about["variables"] = self.link.tenant(tenant_id, lambda it: all_there(it, environment))
        return about

    def _let_go(self, payload: Mapping[str, Any], number: int) -> None:
        answer: dict[str, Any] = {"attempts": number}
        if "failure" in payload:
            answer["fails"] = True
        self.tokens.succeed(payload["taskToken"], json.dumps(answer))

    def _tell(
        self, payload: Mapping[str, Any], stop_id: str, number: int, found: Why, details: Mapping[str, Any], until: str
    ) -> None:
        context, node_id, iteration = payload["context"], payload["node"]["id"], payload.get("iteration", "")
        told = {name: value for name, value in details.items() if name in ("breakpoint", "item", "problem", "error")}
        within = {"iteration": iteration} if iteration else {}
        outbox = Outbox(context, self.send)
        outbox.add(
            event(
                EventType.NODE_STOPPED,
                id=f"{context['executionId']}-{node_id}-stopped-{iteration}-{number}",
                nodeId=node_id,
                attempt=number,
                stop={"id": stop_id, "reason": found.reason, "expiresAt": until, **told},
                **within,
            )
        )
        try:
            outbox.close()
        except EventDeliveryError as error:
            # It stands there all the same, and whoever looks at the execution finds it.
            logger().error("a stop could not be told", execution_id=context["executionId"], error=str(error))


def _details(payload: Mapping[str, Any], found: Why) -> dict[str, Any]:
    """Return what is kept of a stop: what is shown, and what letting the node go needs."""
    details: dict[str, Any] = {"inputs": json.loads(write(payload["inputs"]))}
    details |= {name: payload[name] for name in ("leadsBack", "handsTo") if name in payload}
    if found.breakpoint is not None:
        details["breakpoint"] = found.breakpoint
    if found.item is not None:
        details["item"] = found.item
    if found.problem:
        details["problem"] = found.problem[:1000]
    if "failure" in payload:
        details["error"] = read_error(payload["failure"]["error"], payload["failure"]["cause"])
    return details


def _about(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a condition sees besides items."""
    workflow = {"id": context["workflowId"], "name": context["workflowName"], "timeZone": context["timeZone"]}
    execution = {
        "id": context["executionId"],
        "mode": context["mode"],
        "trigger": context["trigger"],
        "startedAt": context["startedAt"],
        "environment": context.get("environment", PRODUCTION),
    }
    return {"workflow": workflow, "execution": execution}
