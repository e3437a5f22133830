"""Environments, what is live in them, and which credentials stand for which."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import any_, delete, func, select, text, update
from sqlalchemy.orm import Session

from api.repositories.live import LIVE
from stepweave.model.environments import PRODUCTION
from stepweave_data.models import (
    Credential,
    CredentialMapping,
    Environment,
    LiveVersion,
    Registration,
    Schedule,
    Variable,
    VariableValue,
    Webhook,
    Workflow,
    WorkflowVersion,
)

_LIVE = """
SELECT w.id, w.name, l.version FROM workflows w
LEFT JOIN workflow_live l ON l.workflow_id = w.id AND l.environment = :environment
WHERE w.id = ANY (:ids) AND w.deleted_at IS NULL
"""


class Environments:
    """The environments of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[Environment]:
        """Return all, in their order."""
        return self._session.scalars(select(Environment).order_by(Environment.position)).all()

    def find(self, key: str) -> Environment | None:
        """Return one, or None."""
        return self._session.scalar(select(Environment).where(Environment.key == key))

    def falls_back(self, key: str) -> bool:
        """Whether what has no value of its own in one is as in production."""
        found = self.find(key)
        return found is not None and found.falls_back

    def move(self, key: str, position: int) -> None:
        """Write down the place of one."""
        self._session.execute(update(Environment).where(Environment.key == key).values(position=position))

    def live_in(self, key: str) -> int:
        """Return how many workflows have a version that is live in one besides production."""
        query = select(func.count()).select_from(LiveVersion).where(LiveVersion.environment == key)
        return self._session.scalar(query) or 0

    def in_production(self) -> int:
        """Return how many workflows are published there."""
        query = select(func.count()).select_from(Workflow)
        where = Workflow.published_version.is_not(None), Workflow.deleted_at.is_(None)
        return self._session.scalar(query.where(*where)) or 0

    def live(self, workflow_id: uuid.UUID, key: str) -> LiveVersion | None:
        """Return what is live of a workflow in one besides production."""
        return self._session.get(LiveVersion, (workflow_id, key))

    def live_of(self, workflow_id: uuid.UUID) -> Sequence[LiveVersion]:
        """Return what is live of a workflow besides production."""
        return self._session.scalars(select(LiveVersion).where(LiveVersion.workflow_id == workflow_id)).all()

    def documents(self, key: str) -> Sequence[dict[str, Any]]:
        """Return the documents that are live in an environment."""
        is_live = (LIVE.c.workflow_id == WorkflowVersion.workflow_id) & (LIVE.c.version == WorkflowVersion.number)
        query = select(WorkflowVersion.document).join(LIVE, is_live).where(LIVE.c.environment == key)
        return self._session.scalars(query).all()

    def naming(self, key: str, id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
        """Return the id and the name of workflows whose version that is live in an environment names something."""
        is_live = (LIVE.c.workflow_id == WorkflowVersion.workflow_id) & (LIVE.c.version == WorkflowVersion.number)
        query = (
            select(Workflow.id, Workflow.name)
            .join(WorkflowVersion, WorkflowVersion.workflow_id == Workflow.id)
            .join(LIVE, is_live)
            .where(LIVE.c.environment == key, any_(WorkflowVersion.names) == id)
            .order_by(func.lower(Workflow.name), Workflow.id)
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def live_among(self, ids: Sequence[uuid.UUID], key: str) -> dict[uuid.UUID, tuple[str, int | None]]:
        """Return the name of workflows, and the version that is live in an environment."""
        rows = self._session.execute(text(_LIVE), {"ids": list(ids), "environment": key})
        return {row[0]: (row[1], row[2]) for row in rows}

    def variables_in(self, key: str) -> tuple[set[str], set[str]]:
        """Return the names of variables that have a value in an environment, and those that fall back there."""

        def having(environment: str) -> set[str]:
            query = select(Variable.name).join(VariableValue, VariableValue.variable_id == Variable.id)
            return set(self._session.scalars(query.where(VariableValue.environment == environment)))

        return having(key), having(PRODUCTION) if self.falls_back(key) else set()

    def mapped(self, key: str) -> dict[str, str]:
        """Return which credential stands for which in an environment, by their ids."""
        rows = self._session.scalars(select(CredentialMapping).where(CredentialMapping.environment == key))
        return {str(row.credential_id): str(row.mapped_id) for row in rows}

    def mappings(self) -> Sequence[CredentialMapping]:
        """Return which credential stands for which, in all environments."""
        return self._session.scalars(select(CredentialMapping)).all()

    def unmap(self, credential_id: uuid.UUID, key: str) -> None:
        """Have nothing stand for a credential in an environment."""
        where = CredentialMapping.credential_id == credential_id, CredentialMapping.environment == key
        self._session.execute(delete(CredentialMapping).where(*where))

    def apart(self, credential_id: uuid.UUID) -> list[tuple[str, str]]:
        """Return the names of credentials that stand for one, or for which it does, and of the environments."""
        mapping, other = CredentialMapping, Credential
        is_other = ((mapping.credential_id == credential_id) & (other.id == mapping.mapped_id)) | (
            (mapping.mapped_id == credential_id) & (other.id == mapping.credential_id)
        )
        query = (
            select(other.name, Environment.name)
            .join(mapping, is_other)
            .join(Environment, Environment.key == mapping.environment)
            .where(other.id != credential_id)
            .order_by(Environment.position, func.lower(other.name))
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def standing_in(self, credential_id: uuid.UUID) -> int:
        """Return for how many other credentials one stands."""
        where = CredentialMapping.mapped_id == credential_id, CredentialMapping.credential_id != credential_id
        return self._session.scalar(select(func.count()).select_from(CredentialMapping).where(*where)) or 0

    def called(self, workflow_id: uuid.UUID) -> Sequence[Webhook]:
        """Return where a workflow is called in environments besides production."""
        where = Webhook.workflow_id == workflow_id, Webhook.environment != PRODUCTION
        return self._session.scalars(select(Webhook).where(*where)).all()

    def timed(self, workflow_id: uuid.UUID) -> list[tuple[str, int]]:
        """Return how many schedules and triggers at providers a workflow has, by environment besides production."""
        counted: dict[str, int] = {}
        for model in (Schedule, Registration):
            query = select(model.environment, func.count()).where(
                model.workflow_id == workflow_id, model.environment != PRODUCTION
            )
            for key, count in self._session.execute(query.group_by(model.environment)):
                counted[key] = counted.get(key, 0) + count
        return sorted(counted.items())
