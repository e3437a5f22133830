"""Folders and tags of workflows."""

import uuid
from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from stepweave_data.models import Folder, Tag, Workflow, WorkflowTag


class Folders:
    """Folders, which nest."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counted(self) -> list[tuple[Folder, int]]:
        """Return all by name, each with how many workflows are in it, without those below."""
        count = (
            select(func.count())
            .where(Workflow.folder_id == Folder.id, Workflow.deleted_at.is_(None))
            .correlate(Folder)
            .scalar_subquery()
        )
        query = select(Folder, count).order_by(func.lower(Folder.name))
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def count(self) -> int:
        """Return how many there are."""
        return self._session.scalar(select(func.count()).select_from(Folder)) or 0

    def below(self, folder_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
        """Return the folders right below some."""
        return list(self._session.scalars(select(Folder.id).where(Folder.parent_id.in_(folder_ids))))

    def empty_into(self, folder_id: uuid.UUID, up: uuid.UUID | None) -> None:
        """Move what is in a folder, workflows and folders, into another, or out of all."""
        self._session.execute(update(Workflow).where(Workflow.folder_id == folder_id).values(folder_id=up))
        self._session.execute(update(Folder).where(Folder.parent_id == folder_id).values(parent_id=up))


class Tags:
    """Tags, which workflows are marked with."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counted(self) -> list[tuple[Tag, int]]:
        """Return all by name, each with how many workflows have it."""
        count = (
            select(func.count())
            .select_from(WorkflowTag)
            .join(Workflow, Workflow.id == WorkflowTag.workflow_id)
            .where(WorkflowTag.tag_id == Tag.id, Workflow.deleted_at.is_(None))
            .correlate(Tag)
            .scalar_subquery()
        )
        query = select(Tag, count).order_by(func.lower(Tag.name))
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def count(self) -> int:
        """Return how many there are."""
        return self._session.scalar(select(func.count()).select_from(Tag)) or 0

    def unknown(self, tag_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Return those of some that there are not."""
        return set(tag_ids) - set(self._session.scalars(select(Tag.id).where(Tag.id.in_(tag_ids))))
