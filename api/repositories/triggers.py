"""How triggers fare: `trigger_switches`, and what each started, by the first events of executions."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from stepweave_data.models import TriggerSwitch

LOOKED_AT: Final = 2000
"""Executions of a workflow that are looked at, the latest: more would take longer than a person waits."""
_FARED: Final = """
SELECT e.node_id, max(x.started_at), (array_agg(x.id ORDER BY x.started_at DESC))[1],
       count(*) FILTER (WHERE x.started_at > now() - interval '1 day'),
       count(*) FILTER (WHERE x.started_at > now() - interval '1 day' AND x.status IN ('failed', 'timed_out')),
       (array_agg(x.id ORDER BY x.started_at DESC) FILTER (WHERE x.status IN ('failed', 'timed_out')))[1]
FROM (SELECT id, status, started_at FROM executions WHERE workflow_id = :workflow AND mode = 'live'
      ORDER BY started_at DESC LIMIT :most) x
JOIN execution_events e ON e.execution_id = x.id AND e.id = x.id::text || '-trigger-started'
GROUP BY e.node_id
"""


@dataclass(frozen=True)
class Fared:
    """What a trigger started: when and which last, how many and how many failed within a day, and which failed last."""

    last_at: datetime
    last_id: uuid.UUID
    started: int
    failed: int
    failed_id: uuid.UUID | None


class Triggers:
    """The triggers of published workflows."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def off(self, workflow_id: uuid.UUID) -> Sequence[str]:
        """Return the nodes of a workflow that are switched off by themselves."""
        return self._session.scalars(
            select(TriggerSwitch.node_id).where(TriggerSwitch.workflow_id == workflow_id)
        ).all()

    def switch(self, tenant_id: uuid.UUID, workflow_id: uuid.UUID, node_id: str, *, on: bool) -> None:
        """Switch one on or off."""
        if on:
            self.forget(workflow_id, node_id)
        else:
            self._session.merge(TriggerSwitch(workflow_id=workflow_id, node_id=node_id, tenant_id=tenant_id))

    def forget(self, workflow_id: uuid.UUID, node_id: str = "") -> None:
        """Switch one on, or all of a workflow."""
        query = delete(TriggerSwitch).where(TriggerSwitch.workflow_id == workflow_id)
        self._session.execute(query.where(TriggerSwitch.node_id == node_id) if node_id else query)

    def fared(self, workflow_id: uuid.UUID) -> Mapping[str, Fared]:
        """Return by node what the triggers of a workflow started, among its latest `LOOKED_AT` executions."""
        found: Sequence[Any] = self._session.execute(text(_FARED), {"workflow": workflow_id, "most": LOOKED_AT}).all()
        return {row[0]: Fared(*row[1:]) for row in found}
