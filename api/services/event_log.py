"""An execution's events and log lines, in order."""

import uuid
from collections.abc import Sequence
from typing import Any

from api.repositories.rows import Rows, rows_of
from api.services.retention import absent
from api.services.tokens import Principal
from stepweave_data.history.store import read_event
from stepweave_data.models import ExecutionEvent


def list_events(principal: Principal, execution_id: uuid.UUID, after: int, limit: int) -> list[dict[str, Any]]:
    """Return an execution's events behind a number. Raises Refused (`not_found`, `execution_deleted`)."""
    with rows_of(principal.tenant_id) as rows:
        _check_there(rows, execution_id)
        return _told(rows.executions.events(execution_id, after, limit))


def list_logs(
    principal: Principal, execution_id: uuid.UUID, node_id: str | None, level: str | None, after: int, limit: int
) -> list[dict[str, Any]]:
    """Return log lines behind a number, of one node and level where given. Raises Refused as `list_events`."""
    with rows_of(principal.tenant_id) as rows:
        _check_there(rows, execution_id)
        return _told(rows.executions.logs(execution_id, node_id, level, after, limit))


def _check_there(rows: Rows, execution_id: uuid.UUID) -> None:
    if rows.executions.find(execution_id) is None:
        raise absent(rows, execution_id)


def _told(events: Sequence[ExecutionEvent]) -> list[dict[str, Any]]:
    return [dict(read_event(row.seq, row.id, row.type, row.node_id, row.at, row.data)) for row in events]
