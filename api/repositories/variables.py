"""The workspace's variables, and which workflows read them."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Text, cast, delete, func, select
from sqlalchemy.orm import Session

from api.repositories.live import LIVE
from stepweave.model.environments import PRODUCTION
from stepweave_data.models import Environment, Variable, VariableValue, Workflow, WorkflowVersion

_READS = "%vars%"


class Variables:
    """Variables and what they are in each environment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[Variable]:
        """Return all, by name."""
        return self._session.scalars(select(Variable).order_by(func.lower(Variable.name))).all()

    def values(self) -> Sequence[VariableValue]:
        """Return what all of them are, in all environments."""
        return self._session.scalars(select(VariableValue)).all()

    def values_of(self, variable_id: uuid.UUID) -> Sequence[VariableValue]:
        """Return what one is."""
        return self._session.scalars(select(VariableValue).where(VariableValue.variable_id == variable_id)).all()

    def drop_values(self, variable_id: uuid.UUID, environments: Collection[str]) -> None:
        """Take away what one is in some environments."""
        gone = VariableValue.variable_id == variable_id, VariableValue.environment.in_(environments)
        self._session.execute(delete(VariableValue).where(*gone).execution_options(synchronize_session="fetch"))

    def seen_in(self, environment: Environment) -> dict[str, Any]:
        """Return what workflows read in an environment, by name."""
        own = self.in_environment(environment.key)
        return {**self.in_environment(PRODUCTION), **own} if environment.falls_back else own

    def in_environment(self, environment: str) -> dict[str, Any]:
        """Return what those are in one environment that have a value of their own there, by name."""
        query = (
            select(Variable.name, VariableValue.value)
            .join(VariableValue, VariableValue.variable_id == Variable.id)
            .where(VariableValue.environment == environment)
        )
        return {row[0]: row[1] for row in self._session.execute(query)}

    def live_readers(self) -> list[tuple[Workflow, str, dict[str, Any]]]:
        """Return the workflows whose live document may read variables, each with the environment and that document."""
        query = (
            select(Workflow, LIVE.c.environment, WorkflowVersion.document)
            .join(LIVE, LIVE.c.workflow_id == Workflow.id)
            .join(
                WorkflowVersion,
                (WorkflowVersion.workflow_id == Workflow.id) & (WorkflowVersion.number == LIVE.c.version),
            )
            .where(cast(WorkflowVersion.document, Text).like(_READS))
            .order_by(func.lower(Workflow.name), Workflow.id, LIVE.c.environment)
        )
        return [(row[0], row[1], row[2]) for row in self._session.execute(query)]
