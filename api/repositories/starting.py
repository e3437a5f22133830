"""What starts workflows by a clock, with the workflow it starts and what came of it last."""

import uuid
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from api.repositories.live import LIVE
from stepweave_data.models import Environment, Execution, Registration, Schedule, Workflow, WorkflowVersion

Clocked = TypeVar("Clocked", Schedule, Registration)


@dataclass(frozen=True)
class Started(Generic[Clocked]):
    """What starts a workflow by a clock in an environment."""

    clock: Clocked
    workflow: Workflow
    document: dict[str, Any] | None
    """The version that is live there."""
    is_on: bool
    """Whether the workflow is switched on there."""
    environment: str
    """The environment's name."""
    last: uuid.UUID | None
    """The execution that it started last there."""


def with_last(model: type[Clocked], trigger: str) -> Select[Any]:
    """Select what `Started` has of all, in every environment: the last execution by `trigger`."""
    last = (
        select(Execution)
        .where(
            Execution.workflow_id == model.workflow_id,
            Execution.environment == model.environment,
            Execution.trigger == trigger,
        )
        .order_by(Execution.started_at.desc(), Execution.id.desc())
        .limit(1)
        .lateral()
    )
    return (
        select(model, Workflow, WorkflowVersion.document, LIVE.c.enabled, Environment.name, last.c.id)
        .join(Workflow, Workflow.id == model.workflow_id)
        .join(Environment, (Environment.tenant_id == model.tenant_id) & (Environment.key == model.environment))
        .outerjoin(LIVE, (LIVE.c.workflow_id == model.workflow_id) & (LIVE.c.environment == model.environment))
        .outerjoin(
            WorkflowVersion,
            (WorkflowVersion.workflow_id == Workflow.id) & (WorkflowVersion.number == LIVE.c.version),
        )
        .outerjoin(last, true())
        .where(Workflow.deleted_at.is_(None))
    )


def started(session: Session, query: Select[Any]) -> list[Started[Any]]:
    """Return the rows of such a query."""
    return [Started(row[0], row[1], row[2], bool(row[3]), row[4], row[5]) for row in session.execute(query)]
