"""Event messages as SQS hands them to the recorder, and what the recorder made of them."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

import psycopg
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from stepweave.aws.passes import signed
from stepweave.model.events import Event, EventBatch, EventType, ExecutionContext
from stepweave.runtime.events import event
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant

STARTED = EventType.NODE_STARTED
SUCCEEDED = EventType.NODE_SUCCEEDED
FAILED = EventType.NODE_FAILED
LOG = EventType.NODE_LOG


def context_of(tenant: Tenant, execution_id: str = "", **changes: Any) -> ExecutionContext:
    """Return the context of an execution of the tenant's workflow, new unless given; signed where there is a key."""
    context: dict[str, Any] = {
        "tenantId": str(tenant.id),
        "executionId": execution_id or str(uuid.uuid4()),
        "workflowId": str(tenant.workflow_id),
        "workflowName": "W",
        "workflowVersion": 3,
        "trigger": "webhook",
        "mode": "live",
        "startedAt": "2026-11-23T12:00:00.000Z",
        "timeZone": "UTC",
        **changes,
    }
    return signed(context)  # type: ignore[return-value]


def batch(context: ExecutionContext, *events: Event) -> EventBatch:
    """Return one message's content."""
    return {"context": context, "events": list(events)}


def node(kind: EventType, node_id: str = "a", attempt: int = 1, **fields: Any) -> Event:
    """Return a node's event."""
    return event(kind, nodeId=node_id, attempt=attempt, **fields)


def started(context: ExecutionContext, **trigger: Any) -> Event:
    """Return the event every execution begins with."""
    return event(
        EventType.EXECUTION_STARTED, id=f"{context['executionId']}-started", trigger={"nodeId": "t", **trigger}
    )


def record(content: EventBatch | str, group: str = "", message_id: str = "") -> SQSRecord:
    """Return the SQS record of a message; text stays as it is."""
    about = {
        "messageId": message_id or str(uuid.uuid4()),
        "body": content if isinstance(content, str) else json.dumps(content),
        "attributes": {
            "MessageGroupId": group or (content["context"]["executionId"] if isinstance(content, dict) else "g")
        },
    }
    return SQSRecord(about)


def rows(databases: Databases, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return what the database holds, seen by its owner."""
    with psycopg.connect(databases.owner) as connection:
        return connection.execute(query.encode(), values).fetchall()


def version_naming(databases: Databases, tenant: Tenant, *ids: str, number: int = 3) -> None:
    """Store a version of the tenant's workflow, a node of which names `ids`: as `context_of` says, the third."""
    document = {"nodes": [{"id": id, "params": {"deep": [{"credential": id}]}} for id in ids]}
    with psycopg.connect(databases.owner) as connection:
        connection.execute(
            "INSERT INTO workflow_versions (tenant_id, workflow_id, number, document, compiled_hash)"
            " VALUES (%s, %s, %s, %s, '')",
            (tenant.id, tenant.workflow_id, number, json.dumps(document)),
        )


def stored_events(databases: Databases, execution_id: str) -> list[tuple[int, str]]:
    """Return an execution's events as (seq, id), in order."""
    found = rows(databases, "SELECT seq, id FROM execution_events WHERE execution_id = %s ORDER BY seq", execution_id)
    return [(seq, id) for seq, id in found]


def numbered(events: Iterable[Event]) -> list[tuple[int, str]]:
    """Return events as `stored_events` would, were they stored in this order."""
    return [(seq, event["id"]) for seq, event in enumerate(events, 1)]
