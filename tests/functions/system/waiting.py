"""Executions that wait, and Step Functions' task tokens in memory."""

import json
from dataclasses import dataclass, field
from typing import Any

from stepweave.aws import AwsError
from stepweave.model.events import Event, EventType, ExecutionContext
from stepweave_data.history.store import History, Recorded
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import STARTED, batch, context_of, node, rows, started

WAITING = EventType.NODE_WAITING


@dataclass
class Tokens:
    """What was answered, by token; `error` is raised once by the next answer."""

    answered: list[tuple[str, Any]] = field(default_factory=list)
    error: AwsError | None = None

    def succeed(self, token: str, output: str) -> None:
        self._check()
        self.answered.append((token, json.loads(output)))

    def fail(self, token: str, *, error: str, cause: str) -> None:
        self._check()
        self.answered.append((token, {"error": error, "cause": json.loads(cause)}))

    def _check(self) -> None:
        if self.error is not None:
            error, self.error = self.error, None
            raise error


def waiting(node_id: str = "w", token: str = "token", kind: str = "callback", **fields: Any) -> Event:
    """Return the event of a node that waits; `details` are what its `waiting` has besides."""
    attempt, details = fields.pop("attempt", 1), fields.pop("details", {})
    return node(WAITING, node_id, attempt, waiting={"kind": kind, "token": token, **details}, **fields)


def begin(databases: Databases, tenant: Tenant, *events: Event, **context: Any) -> ExecutionContext:
    """Record an execution that began and whose nodes told `events`."""
    whole = context_of(tenant, **context)
    tell(databases, tenant, whole, started(whole, machineType="standard"), node(STARTED, "w"), *events)
    return whole


def tell(databases: Databases, tenant: Tenant, context: ExecutionContext, *events: Event) -> Recorded:
    """Record events of an execution."""
    history = History(databases.app)
    try:
        return history.record(str(tenant.id), [batch(context, *events)])
    finally:
        history.close()


def waits_of(databases: Databases, execution_id: str) -> list[dict[str, Any]]:
    """Return an execution's waits, by node, iteration and attempt."""
    query = "SELECT to_jsonb(w) FROM waits w WHERE execution_id = %s ORDER BY node_id, iteration, attempt"
    return [row for (row,) in rows(databases, query, execution_id)]


def states_of(databases: Databases, execution_id: str) -> dict[str, str]:
    """Return the state of each wait by node, iteration and attempt."""
    return {
        f"{row['node_id']}/{row['iteration']}/{row['attempt']}": row["state"]
        for row in waits_of(databases, execution_id)
    }
