"""Error groups: failures that are one fault, counted once however often they are seen."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from api import codes
from api.repositories.rollups import Fault, Scope
from api.repositories.rows import rows_of
from api.services.analytics.figures import scoped
from api.services.analytics.ranges import Asked, range_of, segments
from api.services.tokens import Principal

EXAMPLES: Final = 10
MOST_GROUPS: Final = 100
"""Of a range; those seen most."""


@dataclass(frozen=True)
class Known:
    """An error group with the last executions that had it, of those that are still there."""

    fault: Fault
    examples: list[tuple[uuid.UUID, datetime]]


def state_of(fault: Fault) -> str:
    """Return what stands with a fault: `open`, `resolved`, or `returned`: seen again since it was."""
    if fault.resolved_at is None:
        return "open"
    return "resolved" if fault.resolved_at >= fault.last_seen else "returned"


def faults(principal: Principal, asked: Asked, scope: Scope, state: str) -> list[Fault]:
    """Return error groups that were seen in a range, those seen most first. Raises Refused (`invalid_request`)."""
    parts = segments([range_of(replace(asked, bin="auto"), datetime.now(UTC)).span])
    with rows_of(principal.tenant_id) as rows:
        return rows.rollups.faults(parts, scoped(principal, scope), state, MOST_GROUPS)


def fault(principal: Principal, id: uuid.UUID) -> Known:
    """Return an error group with examples. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.rollups.fault(id)
        if found is None:
            raise codes.not_found("error group")
        return Known(found, rows.rollups.examples(id, EXAMPLES))


def resolve(principal: Principal, id: uuid.UUID, *, resolved: bool) -> Known:
    """Say that a fault is resolved, or that it is not. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.rollups.fault(id)
        if found is None:
            raise codes.not_found("error group")
        rows.rollups.resolve(id, principal.user_id if resolved else None)
        said: dict[str, Any] = {"state": "resolved" if resolved else "open"}
        before = {"state": state_of(found)}
        rows.note(principal.user_id, "error_group.changed", id, before=before, after=said, type=found.type)
    return fault(principal, id)
