"""What starts workflows by a clock, with the workflow it starts and what came of it last."""

import uuid
from typing import Any, TypeVar

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from stepweave.model.environments import PRODUCTION
from stepweave_data.models import Execution, Registration, Schedule, Workflow, WorkflowVersion

Clocked = TypeVar("Clocked", Schedule, Registration)


def with_last(model: type[Clocked], trigger: str) -> Select[Any]:
    """Select all, each with its workflow, its live document, and the id of the last execution by `trigger`."""
    last = (
        select(Execution)
        .where(Execution.workflow_id == model.workflow_id, Execution.trigger == trigger)
        .order_by(Execution.started_at.desc(), Execution.id.desc())
        .limit(1)
        .lateral()
    )
    return (
        select(model, Workflow, WorkflowVersion.document, last.c.id)
        .join(Workflow, Workflow.id == model.workflow_id)
        .outerjoin(
            WorkflowVersion,
            (WorkflowVersion.workflow_id == Workflow.id) & (WorkflowVersion.number == Workflow.published_version),
        )
        .outerjoin(last, true())
        .where(Workflow.deleted_at.is_(None), model.environment == PRODUCTION)
    )


def started(
    session: Session, query: Select[Any]
) -> list[tuple[Any, Workflow, dict[str, Any] | None, uuid.UUID | None]]:
    """Return the rows of such a query."""
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]
