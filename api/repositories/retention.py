"""How long executions are kept, how many a setting would delete, and which were deleted (migration 0058)."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from stepweave_data.models import DeletedExecution, Execution, Tenant

MOST: Final = 10_000
"""Executions that are counted."""
_PLAN: Final = (
    "SELECT (p.limits ->> 'keepDays')::integer FROM tenants t JOIN plans p ON p.name = t.plan WHERE t.id = :tenant"
)
_HERE: Final = "CAST(:workflow AS uuid) IS NOT NULL AND r.workflow_id = :workflow"
_ALL: Final = "CAST(:workflow AS uuid) IS NULL AND NOT w.own_retention"
_WOULD_GO: Final = f"""
SELECT count(*) FROM (
  SELECT 1 FROM retention_of(:tenant) r JOIN workflows w ON w.id = r.workflow_id
  CROSS JOIN LATERAL (
    SELECT 1 FROM executions x WHERE x.workflow_id = w.id AND (x.status = 'succeeded') AND x.ended_at IS NOT NULL
      AND x.kept_at IS NULL AND x.ended_at <= now() - make_interval(hours => 24 * CAST(:succeeded AS integer))
      AND x.started_at <= now() - make_interval(hours => 24 * CAST(:succeeded AS integer))
    UNION ALL
    SELECT 1 FROM executions x WHERE x.workflow_id = w.id AND (x.status = 'succeeded') = false
      AND x.ended_at IS NOT NULL AND x.kept_at IS NULL
      AND x.ended_at <= now() - make_interval(hours => 24 * CAST(:failed AS integer))
      AND x.started_at <= now() - make_interval(hours => 24 * CAST(:failed AS integer))) found
  WHERE ({_HERE}) OR ({_ALL}) LIMIT {MOST + 1}) counted
"""  # noqa: S608 - of this file


@dataclass(frozen=True)
class Days:
    """How many days executions are kept after their end: those that succeeded, and the others; None: without end."""

    succeeded: int | None
    failed: int | None


class Retention:
    """What is kept of the transaction's tenant."""

    def __init__(self, session: Session, tenant_id: uuid.UUID) -> None:
        self._session, self._tenant_id = session, tenant_id

    def tenant(self) -> Days:
        """Return what the tenant says."""
        found = self._session.get_one(Tenant, self._tenant_id)
        return Days(found.keep_succeeded, found.keep_failed)

    def set_tenant(self, days: Days) -> None:
        """Have the tenant say something else."""
        self._session.execute(
            update(Tenant)
            .where(Tenant.id == self._tenant_id)
            .values(keep_succeeded=days.succeeded, keep_failed=days.failed)
        )

    def most(self) -> int | None:
        """Return for how many days the plan allows to keep executions; None: any number."""
        return self._session.execute(text(_PLAN), {"tenant": self._tenant_id}).scalar_one()  # type: ignore[no-any-return]  # an integer

    def look(self) -> None:
        """Have the sweeper look for what is to go at once."""
        self._session.execute(update(Tenant).where(Tenant.id == self._tenant_id).values(retire_after=func.now()))

    def would_go(self, workflow_id: uuid.UUID | None, days: Days) -> int:
        """Return how many ended executions are older: of a workflow, or of all that say nothing themselves."""
        values = {
            "tenant": self._tenant_id,
            "workflow": workflow_id,
            "succeeded": days.succeeded,
            "failed": days.failed,
        }
        found: int = self._session.execute(text(_WOULD_GO), values).scalar_one()
        return found

    def deleted(self, execution_id: uuid.UUID) -> DeletedExecution | None:
        """Return what is left of an execution that was deleted."""
        return self._session.get(DeletedExecution, execution_id)

    def hold(self, ids: set[uuid.UUID]) -> None:
        """Have some executions stay until this transaction ends, so far as they are there."""
        if ids:
            self._session.execute(
                select(Execution.id).where(Execution.id.in_(ids)).order_by(Execution.id).with_for_update(read=True)
            ).all()
