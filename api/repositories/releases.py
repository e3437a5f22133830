"""Releases: what is asked for, and what was live."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased, defer

from stepweave_data.models import ApiKey, Release, User, WasLive, Workflow, WorkflowVersion

Found = tuple[Release, Workflow, str, str | None, str | None]
"""A release, its workflow, its version's name, and who asked and decided: None for who is gone."""


class Releases:
    """A tenant's releases."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(
        self, state: str | None, workflow_id: uuid.UUID | None, limit: int, release_id: uuid.UUID | None = None
    ) -> list[Found]:
        """Return releases of workflows that are there, the latest first."""
        asker, decider = aliased(User), aliased(User)
        query = (
            select(Release, Workflow, WorkflowVersion.name, asker.name, decider.name)
            .options(defer(Workflow.document))
            .join(Workflow, Workflow.id == Release.workflow_id)
            .join(
                WorkflowVersion,
                (WorkflowVersion.workflow_id == Release.workflow_id) & (WorkflowVersion.number == Release.version),
            )
            .outerjoin(asker, asker.id == Release.asked_by)
            .outerjoin(decider, decider.id == Release.decided_by)
            .where(Workflow.deleted_at.is_(None))
            .order_by(Release.asked_at.desc(), Release.id.desc())
            .limit(limit)
        )
        if state is not None:
            query = query.where(Release.state == state)
        if workflow_id is not None:
            query = query.where(Release.workflow_id == workflow_id)
        if release_id is not None:
            query = query.where(Release.id == release_id)
        return [(row[0], row[1], row[2], row[3], row[4]) for row in self._session.execute(query)]

    def locked(self, workflow_id: uuid.UUID, release_id: uuid.UUID) -> Release | None:
        """Return a release of a workflow; nobody else decides it until the transaction ends."""
        query = select(Release).where(Release.id == release_id, Release.workflow_id == workflow_id)
        return self._session.scalar(query.with_for_update().execution_options(populate_existing=True))

    def maker_of_key(self, key_id: uuid.UUID) -> uuid.UUID | None:
        """Return who made an API key."""
        return self._session.scalar(select(ApiKey.created_by).where(ApiKey.id == key_id))

    def end(self, *, workflow_id: uuid.UUID | None = None, environment: str | None = None) -> Sequence[uuid.UUID]:
        """Have those wait no longer that wait for a workflow or an environment that goes; return their ids."""
        query = update(Release).where(Release.state == "waiting")
        if workflow_id is not None:
            query = query.where(Release.workflow_id == workflow_id)
        if environment is not None:
            query = query.where(Release.environment == environment)
        ended = query.values(state="cancelled", decided_at=datetime.now(UTC)).returning(Release.id)
        return self._session.scalars(ended.execution_options(synchronize_session=False)).all()

    def went_live(self, tenant_id: uuid.UUID, workflow_id: uuid.UUID, environment: str, version: int) -> None:
        """Write down that a version is live somewhere."""
        values = {
            "tenant_id": tenant_id,
            "workflow_id": workflow_id,
            "environment": environment,
            "version": version,
        }
        self._session.execute(insert(WasLive).values(values).on_conflict_do_nothing())

    def was_live(self, workflow_id: uuid.UUID, environment: str, version: int) -> bool:
        """Whether a version was live somewhere."""
        return self._session.get(WasLive, (workflow_id, environment, version)) is not None
